namespace Crm.Api.Outside;

/// <summary>When something that was not taken is sent again: ten attempts over some three days, as Standard Webhooks advises.</summary>
public static class Schedule
{
    /// <summary>How long after the attempt before it each one comes.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24)
    ];

    /// <summary>After so long without anything taken a webhook is disabled.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(5);

    /// <summary>The longest that a receiver may have us wait.</summary>
    private static readonly TimeSpan MostWait = TimeSpan.FromHours(24);

    /// <summary>When to try again; null when it was tried often enough.</summary>
    /// <param name="attempts">How often it was tried.</param>
    /// <param name="retryAfter">How long the receiver wants to be left alone.</param>
    /// <param name="chance">From 0 to 1: not all that failed together comes again together.</param>
    public static DateTimeOffset? Next(int attempts, TimeSpan? retryAfter, DateTimeOffset now, double chance)
    {
        if (attempts >= Pauses.Count)
        {
            return null;
        }

        var pause = Pauses[attempts] * (1 + (chance * 0.2));
        var wanted = retryAfter < MostWait ? retryAfter.Value : retryAfter is null ? TimeSpan.Zero : MostWait;
        return now + (wanted > pause ? wanted : pause);
    }
}
