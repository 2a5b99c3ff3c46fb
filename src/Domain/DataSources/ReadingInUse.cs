namespace Crm.Domain.DataSources;

/// <summary>Which of the readings that are known is used.</summary>
public static class ReadingInUse
{
    /// <summary>The good one that was measured last before a moment; of two of the same moment that which came last, since it corrects the
    /// other. Null where there is none.</summary>
    /// <param name="known">In the order in which they came.</param>
    public static SourceReadingTaken? At(IEnumerable<SourceReadingState> known, DateTimeOffset asOf) => known
        .Where(one => one.Outcome is ReadingOutcome.Good or ReadingOutcome.Accepted)
        .Select(one => one.Taken!).Where(one => one.Summary.MeasuredAt < asOf)
        .Aggregate((SourceReadingTaken?)null, (best, one) =>
            best is null || one.Summary.MeasuredAt >= best.Summary.MeasuredAt ? one : best);
}
