using Crm.Domain.Scoring.Leads;

namespace Crm.Domain.Leads;

/// <summary>A lead whose points come into another band is acted on once, not each time they are counted.</summary>
public static class EnterScoreBand
{
    /// <summary>The band that it is in now; null where there are none.</summary>
    /// <param name="facts">All of its own.</param>
    public static (string Band, decimal Points)? Now(Lead lead, LeadClock clock, IReadOnlyList<LeadFact> facts, LeadPolicy policy,
        DateTimeOffset now)
    {
        if (!clock.IsOpen || policy.Points is null || policy.Document.Scoring?.Bands is not { } bands)
        {
            return null;
        }

        var points = policy.Points.Score(now, LeadFields.RowOf(lead), LeadBehaviour.Of(facts)).Score;
        return (LeadPoints.BandOf(bands, points)!, points);
    }

    /// <summary>When its points will have faded into another band, if nothing happens; null where they will not.</summary>
    /// <inheritdoc cref="Now"/>
    public static DateTimeOffset? Next(Lead lead, LeadClock clock, IReadOnlyList<LeadFact> facts, LeadPolicy policy, DateTimeOffset now) =>
        clock.IsOpen && policy.Points is { } points && policy.Document.Scoring?.Bands is { } bands
            ? BandCrossing.After(now, points, bands, LeadFields.RowOf(lead), LeadBehaviour.Of(facts))
            : null;

    /// <summary>One fact where it is another band than it was in; to begin in the middle is none.</summary>
    public static LeadBandEntered? React(LeadClock clock, (string Band, decimal Points)? now) =>
        now is not var (band, points) || band == clock.Band || (clock.Band is null && band == "middle") ? null
            : new LeadBandEntered(band, points, clock.Band);
}
