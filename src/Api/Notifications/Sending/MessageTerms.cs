namespace Crm.Api.Notifications.Sending;

/// <summary>How messages are sent.</summary>
public sealed record MessageTerms
{
    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after nothing was to be done it is looked again.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many messages a channel is given at a time.</summary>
    public int MostAtOnce { get; init; } = 50;

    /// <summary>How many channels are sent by at a time.</summary>
    public int MostChannels { get; init; } = 64;

    /// <summary>By how many of them one tenant sends at a time.</summary>
    public int MostOfTenant { get; init; } = 8;

    /// <summary>From 0 to 1, by which repeats are spread.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;
}
