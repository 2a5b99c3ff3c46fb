namespace Crm.Domain.Forecasting;

/// <summary>Amounts by the odds of their stage, learned from what was decided; what stays too long ages out.</summary>
public sealed class StageWeighted : IForecastEngine
{
    internal const string Name = "stage-weighted/1";

    internal static readonly (string By, Func<ForecastContribution, string?> Of)[] Dimensions =
    [
        ("category", given => CanonicalForecast.Word(given.Category)), ("pipeline", given => given.Pipeline),
        ("product", given => given.Product), ("region", given => given.Region), ("rep", given => given.Rep),
        ("stage", given => given.Stage), ("team", given => given.Team)
    ];

    public string Version => Name;

    public IForecastModel Learn(ForecastManifest manifest, ForecastKnown known)
    {
        var business = known.Deals.Where(StageModel.IsBusiness).ToList();
        return new StageModel(
            WinOdds.Of(business.Where(deal => deal.Status != ForecastDeal.Open), manifest.Settings.Pooling),
            StageTimes.Of(business.Where(deal => deal.Status == ForecastDeal.Won)));
    }

    public ForecastResult Run(ForecastManifest manifest, ForecastKnown known) =>
        ForecastSums.Of(manifest, known, Learn(manifest, known), Dimensions);
}
