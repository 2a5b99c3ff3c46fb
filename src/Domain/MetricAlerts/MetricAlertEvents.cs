using Crm.Domain.Tasks;

namespace Crm.Domain.MetricAlerts;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IMetricAlertEvent;

/// <summary>A figure is as a rule says that it is not to be, and was not so before.</summary>
/// <param name="Rule">Its key in the playbook.</param>
/// <param name="Day">For which it was asked, in the tenant's zone.</param>
/// <param name="Value">A number, or a share of 1; null where there was nothing to divide.</param>
/// <param name="Threshold">What it was held against: beyond it, not at it, is bad.</param>
/// <param name="From">When the time begins that the figure is of.</param>
/// <param name="To">Its end, which is not in it.</param>
/// <param name="AtPosition">Up to where in the log it was known.</param>
/// <param name="Told">The members who were told, by id.</param>
public sealed record MetricAlertRaised(
    string Rule, string Name, AlertSeverity Severity, DateOnly Day, decimal? Value, decimal Threshold, DateTimeOffset From, DateTimeOffset To, long AtPosition,
    IReadOnlyList<string> Told) : IMetricAlertEvent;

/// <summary>It is so no more.</summary>
public sealed record MetricRecovered(
    string Rule, string Name, DateOnly Day, decimal? Value, decimal Threshold, DateTimeOffset From, DateTimeOffset To, long AtPosition) : IMetricAlertEvent;
