namespace Crm.Domain.MetricAlerts;

/// <summary>What a figure was when it was asked.</summary>
/// <param name="Day">For which it was asked, in the tenant's zone.</param>
/// <param name="Value">A number, or a share of 1; null where there was nothing to divide.</param>
/// <param name="Threshold">What it was held against.</param>
/// <param name="From">When the time begins that it is of.</param>
/// <param name="To">Its end, which is not in it.</param>
/// <param name="AtPosition">Up to where in the log it was known.</param>
public sealed record MetricReading(DateOnly Day, bool IsBad, decimal? Value, decimal Threshold, DateTimeOffset From, DateTimeOffset To, long AtPosition);
