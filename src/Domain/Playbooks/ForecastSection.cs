using Crm.Domain.Forecasting;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>How forecasts are computed.</summary>
/// <param name="CommitPercent">From this chance on an opportunity is one that can be committed to.</param>
/// <param name="BestPercent">From this chance on it is one of the best case; below, it is only in the pipeline.</param>
/// <param name="Pooling">So many decided opportunities of a team or rep weigh as much as what is known of all others in the stage.</param>
/// <param name="StalePercent">As long as so many of a hundred that were won stayed in a stage at most, an opportunity is fresh
/// there; then its chance falls, to nothing at twice that age.</param>
/// <param name="StaleDays">As long as that it is fresh where too few were won to tell; left out, it always is then.</param>
/// <param name="Currency">In which forecasts are made; left out, that of most open opportunities.</param>
/// <param name="Engine">By which they are computed, such as <c>factors/1</c>; left out, <c>stage-weighted/1</c>.</param>
/// <param name="Engines">Of those of one pipeline, where that is another.</param>
/// <param name="Shadows">Engines by which every forecast is computed, too: they are shown beside it, and count for nothing.</param>
/// <param name="Factors">What moves the chances of opportunities in the same stage, for engines that ask for it.</param>
/// <param name="StrengthPercent">How far all factors together can move the odds: at 50 to a third, or to three times what they
/// are.</param>
/// <param name="Schedules">Forecasts that are run by themselves.</param>
public sealed record ForecastSection(
    [Between(1, 100)] int CommitPercent = 70, [Between(1, 100)] int BestPercent = 40, [Between(0, 10_000)] int Pooling = 20,
    [Between(50, 100)] int StalePercent = 90, [Between(1, 3650)] int? StaleDays = null, [Text(3)] string? Currency = null,
    [Text(40)] string? Engine = null, [Items(50)] IReadOnlyList<PipelineEngineSection>? Engines = null,
    [Items(5), Text(40)] IReadOnlyList<string>? Shadows = null, [Items(30)] IReadOnlyList<FactorSection>? Factors = null,
    [Between(1, 90)] int StrengthPercent = 50,
    [Items(50)] IReadOnlyList<ForecastScheduleSection>? Schedules = null)
{
    /// <summary>What holds by a document; where it says nothing of forecasts, what is usual.</summary>
    public static ForecastSettings SettingsOf(PlaybookDocument? document) => document?.Forecast is { } forecast
        ? new(
            forecast.CommitPercent, forecast.BestPercent, forecast.Pooling, forecast.StalePercent, forecast.StaleDays, forecast.Factors,
            forecast.Factors is null ? null : forecast.StrengthPercent,
            forecast.Factors?.Any(factor => factor.From == FactorFrom.DecisionChain) == true ? DecisionChainSection.RolesOf(document) : null)
        : new();

    /// <summary>By which engine a document has forecasts computed.</summary>
    /// <param name="pipeline">The only one whose opportunities are forecast; null for all.</param>
    public static string EngineOf(PlaybookDocument? document, string? pipeline) =>
        document?.Forecast?.Engines?.FirstOrDefault(one => one.Pipeline == pipeline)?.Engine ?? document?.Forecast?.Engine
            ?? ForecastEngines.Usual;

    internal static IEnumerable<PlaybookFault> Faults(ForecastSection? forecast)
    {
        if (forecast is null)
            yield break;

        if (forecast.BestPercent > forecast.CommitPercent)
            yield return new("/forecast/bestPercent", "playbook.forecast-thresholds",
                $"What can be committed to is part of the best case: this is {forecast.CommitPercent} at most.");
        if (forecast.Currency is { } currency && Currencies.DigitsOf(currency) is null)
            yield return new("/forecast/currency", "money.currency", $"'{currency}' is not an ISO 4217 currency code such as USD or CNY.");
    }
}
