namespace Crm.Domain.Forecasting;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older manifests stay whole.

/// <summary>Which reading of a data source a run uses: the newest good one measured before its moment, as known at its position.</summary>
/// <param name="Source">The key of the data source.</param>
/// <param name="Hash">SHA-256, in hexadecimal, over its values.</param>
/// <param name="MeasuredAt">Of which moment the values are.</param>
/// <param name="IsStale">Whether it was older, at the run's moment, than its source says that values hold.</param>
/// <param name="Confidence">1 while it is not stale, falling to 0 at twice that age; four places.</param>
public sealed record ReadingUse(string Source, Guid ReadingId, string Hash, DateTimeOffset MeasuredAt, bool IsStale, decimal Confidence)
{
    /// <param name="freshFor">How long its values hold.</param>
    public static ReadingUse Of(string source, Guid id, string hash, DateTimeOffset measuredAt, DateTimeOffset asOf, TimeSpan freshFor)
    {
        var age = asOf - measuredAt;
        var confidence = decimal.Round(Math.Clamp(2 - (decimal)age.Ticks / freshFor.Ticks, 0, 1), 4, MidpointRounding.ToEven);
        return new(source, id, hash, measuredAt, age > freshFor, confidence);
    }
}

/// <summary>A reading with what it says of each customer.</summary>
public sealed record SourceReading(ReadingUse Use, IReadOnlyDictionary<Guid, decimal> Values);
