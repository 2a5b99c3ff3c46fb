namespace Crm.Domain.Forecasting.Factors;

/// <summary>What <see cref="StageWeighted"/> says, moved by what else is known of each opportunity: factors of the playbook.</summary>
public sealed class FactorWeighted : IForecastEngine
{
    internal const string Name = "factors/1";

    private static readonly (string By, Func<ForecastContribution, string?> Of)[] Dimensions =
        [.. StageWeighted.Dimensions.Append(("industry", given => given.Weighed?.Industry)).OrderBy(one => one.By, StringComparer.Ordinal)];

    private readonly StageWeighted stages = new();

    public string Version => Name;

    public bool AsksForSigns => true;

    public IForecastModel Learn(ForecastManifest manifest, ForecastKnown known) =>
        new FactorModel(
        stages.Learn(manifest, known), known.Signs.ToDictionary(one => one.OpportunityId),
        known.Readings.ToDictionary(one => one.Use.Source, StringComparer.Ordinal));

    public ForecastResult Run(ForecastManifest manifest, ForecastKnown known)
    {
        var result = ForecastSums.Of(manifest, known, Learn(manifest, known), Dimensions);
        return result with { Totals = result.Totals with { Weighed = Totals(result.Contributions) } };
    }

    private static FactorTotals Totals(IReadOnlyList<ForecastContribution> given)
    {
        var value = given.Sum(one => one.Value);
        var confidence = value == 0 ? 1 : given.Sum(one => one.Value * one.Weighed!.Confidence) / value;
        return new(
            given.Sum(one => one.Weighed!.BaseValue), decimal.Round(confidence, 4, MidpointRounding.ToEven),
            [
                .. given.SelectMany(one => one.Weighed!.Effects).GroupBy(one => one.Key).OrderBy(same => same.Key, StringComparer.Ordinal)
                    .Select(same => new FactorTotal(
                        same.Key, same.Count(one => one.Reading is not null), same.Sum(one => one.Effect), same.First().Source,
                        same.Any(one => one.IsStale)))
            ]);
    }
}
