namespace Crm.Domain.MetricAlerts;

/// <summary>Whether a figure is as a rule says that it is not to be, and since which day.</summary>
/// <param name="Day">When that last changed; null where it never has.</param>
public sealed record MetricAlert(bool IsRaised, DateOnly? Day)
{
    public static readonly MetricAlert None = new(IsRaised: false, Day: null);

    public static MetricAlert Evolve(MetricAlert state, IMetricAlertEvent @event) => @event switch
    {
        MetricAlertRaised e => new(IsRaised: true, e.Day),
        MetricRecovered e => new(IsRaised: false, e.Day),
        _ => state
    };
}
