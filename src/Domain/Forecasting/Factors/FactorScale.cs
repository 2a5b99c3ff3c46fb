using Crm.Domain.Playbooks;

namespace Crm.Domain.Forecasting.Factors;

/// <summary>From where to where the readings of a factor go: what counts as nothing, and what as all.</summary>
internal readonly record struct FactorScale(decimal Low, decimal High)
{
    /// <summary>Null where nothing can be told by it.</summary>
    /// <param name="freshDays">How long opportunities are fresh in its stage; null for always.</param>
    public static FactorScale? Of(FactorSection factor, ForecastSettings settings, decimal? freshDays) => factor switch
    {
        { Low: { } low, High: { } high } => new(low, high),
        { From: FactorFrom.DecisionChain } => Up(settings.Chain?.Count),
        { From: FactorFrom.Evidence } => Up((factor.Labels?.Count ?? 0) + (factor.Flows?.Count ?? 0)),
        { From: FactorFrom.Qualification } => Up(factor.Fields?.Count),
        { From: FactorFrom.Field } => Up(1),
        { From: FactorFrom.Activity } => Up(4),
        { From: FactorFrom.Engagement } => Up(2),
        { From: FactorFrom.Reschedules } => new(3, 0),
        { From: FactorFrom.StageAge } => freshDays is { } days ? new(2 * days, 0) : null,
        _ => null
    };

    /// <summary>Where a reading lies between the two, from 0 to 1, to four places.</summary>
    public decimal Share(decimal reading) =>
        decimal.Round(Math.Clamp((reading - Low) / (High - Low), 0, 1), 4, MidpointRounding.ToEven);

    private static FactorScale? Up(int? high) => high > 0 ? new(0, high.Value) : null;
}
