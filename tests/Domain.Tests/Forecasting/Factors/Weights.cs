using Crm.Domain.Forecasting;
using Crm.Domain.Forecasting.Factors;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Forecasting.Factors;

/// <summary>Factors for stories, and forecasts by them.</summary>
internal static class Weights
{
    public static readonly FactorSection Calls = Of("calls", FactorFrom.Engagement, 60);
    public static readonly FactorSection Mails = Of("mails", FactorFrom.Activity, 40);

    public static FactorSection Of(string key, FactorFrom from, int percent) => new(key, key, from, [new(percent)]);

    public static ForecastManifest Manifest(params FactorSection[] factors) => Funnel.Manifest with
    {
        Engine = "factors/1",
        Settings = new(Factors: factors, StrengthPercent: 50, Chain: [])
    };

    public static DealSigns Signs(int id, params (string Key, decimal Reading)[] readings) => Signs(id, industry: null, readings);

    public static DealSigns Signs(int id, string? industry, params (string Key, decimal Reading)[] readings) =>
        new(Funnel.Id(id), industry, readings.ToDictionary(one => one.Key, one => one.Reading));

    /// <summary>By the odds of the worked example.</summary>
    public static ForecastResult Run(ForecastManifest manifest, IEnumerable<ForecastDeal> open, params DealSigns[] signs) =>
        ForecastEngines.Of("factors/1").Run(manifest, new([.. Funnel.Decided, .. open]) { Signs = signs });
}
