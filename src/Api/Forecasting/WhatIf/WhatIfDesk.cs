using System.Globalization;
using Crm.Domain;
using Crm.Domain.Forecasting;

namespace Crm.Api.Forecasting;

/// <summary>Asks what a forecast might come to, and what it would be if things were otherwise. Nothing of it is written down.</summary>
public sealed class WhatIfDesk(ForecastDesk desk)
{
    // So much of the hash as a whole number of the API holds.
    private const int HashDigits = 7;

    public async Task<SimulationAnswer> Simulate(Caller by, Guid id, SimulateForecastRequest request, CancellationToken ct)
    {
        var run = await desk.Find(by, id, ct);
        var result = await desk.Again(by.Tenant, run.Manifest, fromEvents: false, ct);
        var seed = request.Seed ?? int.Parse(run.Hash.AsSpan(0, HashDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return SimulationAnswer.Of(
            id, ForecastSimulation.Of(result.Contributions, run.Manifest.Digits, seed, request.Paths), run.Manifest.Currency);
    }

    public async Task<WhatIfAnswer> Assume(Caller by, Guid id, WhatIfRequest request, CancellationToken ct)
    {
        var run = await desk.Find(by, id, ct);
        var (manifest, currency) = (run.Manifest, run.Manifest.Currency);
        var assumed = Assumptions(by.Tenant, manifest, request).ToList();
        var would = WhatIf.Of(
            manifest, await desk.Known(by.Tenant, manifest, fromEvents: false, ct), [.. assumed.Select(one => one.Assumption)]);
        return new(
            id, Money.Of(would.Then, currency), ForecastFigure.Of(would.Total, currency),
            Money.Of(would.Total.Value - would.Then, currency),
            [
                .. assumed.Zip(would.Shares, (one, share) => new AssumedShareAnswer(
                    one.Name, Money.Of(share.Value, currency).ToString(), share.Opportunities))
            ]);
    }

    private static IEnumerable<(string Name, Assumption Assumption)> Assumptions(
        string tenant, ForecastManifest manifest, WhatIfRequest request) =>
    [
        .. request.Settings is { } settings ? [("settings", new Assumption.Settings(Over(manifest.Settings, settings)))]
            : Array.Empty<(string, Assumption)>(),
        .. (request.WinRates ?? []).Select(odds => (
            "winRates", (Assumption)new Assumption.Odds(odds.Of.Which, odds.Percent, odds.Times ?? 1))),
        .. (request.Drop ?? []).Select(which => ("drop", (Assumption)new Assumption.Drop(which.Which))),
        .. (request.Slip ?? []).Select(slip => ("slip", (Assumption)new Assumption.Slip(slip.Of.Which, slip.Days))),
        .. (request.Add ?? []).Select((deal, i) => ("add", (Assumption)new Assumption.Add(Deal(tenant, manifest, deal, i))))
    ];

    private static ForecastSettings Over(ForecastSettings settings, ForecastSettingsRequest others) => settings with
    {
        Pooling = others.Pooling ?? settings.Pooling,
        StalePercent = others.StalePercent ?? settings.StalePercent,
        StaleDays = others.StaleDays ?? settings.StaleDays
    };

    // It comes to its stage at the moment of the forecast, and to whom the forecast is of where nobody says to whom.
    private static ForecastDeal Deal(string tenant, ForecastManifest manifest, AssumedDealRequest deal, int place)
    {
        if (deal.Amount.Currency != manifest.Currency)
        {
            throw Rejection.BrokenRule(
                "forecast.currencies", $"The forecast is in {manifest.Currency}; send amounts in it.", $"add/{place}/amount");
        }

        return ForecastDeal.New(StreamId.From(tenant, "assumed", place.ToString(CultureInfo.InvariantCulture))) with
        {
            OpenedAt = manifest.AsOf,
            Pipeline = deal.Pipeline ?? manifest.Scope.Pipeline ?? "standard",
            Stage = deal.Stage,
            StageSince = manifest.AsOf,
            Amount = deal.Amount.Amount,
            Currency = deal.Amount.Currency,
            ExpectedClose = deal.ExpectedClose,
            Team = deal.Team ?? manifest.Scope.Team,
            Rep = deal.Rep ?? manifest.Scope.Rep,
            Region = manifest.Scope.Region,
            Product = manifest.Scope.Product
        };
    }
}
