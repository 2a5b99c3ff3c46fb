using Crm.Domain.Playbooks;

namespace Crm.Domain.MetricAlerts;

public interface IMetricAlertCommand;

/// <summary>A figure was asked: once for each day, in their order.</summary>
/// <param name="To">The members who are told where it is bad.</param>
public sealed record WatchMetric(MetricRuleSection Rule, MetricReading Reading, IReadOnlyList<string> To) : IMetricAlertCommand;

public static class MetricAlertDecider
{
    public static readonly Decider<MetricAlert, IMetricAlertCommand, IMetricAlertEvent> Instance = new("metric-alert", MetricAlert.None, Decide, MetricAlert.Evolve);

    public static IReadOnlyList<IMetricAlertEvent> Decide(MetricAlert state, IMetricAlertCommand command) => (state, command) switch
    {
        ({ Day: { } day }, WatchMetric c) when c.Reading.Day <= day => [],                   // asked already
        ({ IsRaised: false }, WatchMetric { Reading: { IsBad: true } r } c) =>
            [new MetricAlertRaised(c.Rule.Key, c.Rule.Name, c.Rule.Severity, r.Day, r.Value, r.Threshold, r.From, r.To, r.AtPosition, c.To)],
        ({ IsRaised: true }, WatchMetric { Reading: { IsBad: false } r } c) =>
            [new MetricRecovered(c.Rule.Key, c.Rule.Name, r.Day, r.Value, r.Threshold, r.From, r.To, r.AtPosition)],
        _ => []                                                                              // as it was
    };
}
