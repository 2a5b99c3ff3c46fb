namespace Crm.Api.Webhooks.Sending;

/// <summary>How much is sent at once, and how long is waited.</summary>
/// <param name="Clock">By which things are due.</param>
public sealed record SendingTerms(TimeProvider Clock)
{
    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How much is under way to one webhook; while it takes nothing, one at a time.</summary>
    public int MostOfWebhook { get; init; } = 8;

    /// <summary>The same for all webhooks of a tenant.</summary>
    public int MostOfTenant { get; init; } = 64;

    /// <summary>The same for everybody.</summary>
    public int Most { get; init; } = 256;

    /// <summary>How long after nothing was to be done it is looked again.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>From 0 to 1, by which repeats are spread.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;
}
