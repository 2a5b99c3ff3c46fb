using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Jobs;
using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.Domain.Forecasting.Trials;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using NodaTime;

namespace Crm.Api.Forecasting.Backtests;

/// <summary>What is wanted of a back-test, with all that it depends on.</summary>
internal sealed record BacktestWish(
    ForecastPeriod Period, DateOnly From, DateOnly To, IReadOnlyList<string> Engines, ForecastScope Scope, string? Currency, int FarPercent,
    string Zone, DateTimeOffset AsOf, long Position);

/// <summary>
/// Tries engines on a tenant's own history. Nothing is written but the report: begun again it comes to the same. The rules are those that
/// are in force now, since it is they that are tried.
/// </summary>
internal sealed class BacktestWork(CurrentPlaybook playbooks, DealReader deals, ForecastFacts facts) : IJobKind
{
    public const string Name = "forecast-backtest";

    public string Kind => Name;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct) => JsonSerializer.SerializeToNode(
        await Report(job.Tenant, job.Request.Deserialize<BacktestWish>(EventTypes.Json)!, progress.Report, ct), EventTypes.Json);

    public async Task<BacktestReport> Report(string tenant, BacktestWish wish, Action<string, long, long> say, CancellationToken ct)
    {
        say("Reading what happened", 0, 1);
        var zone = DateTimeZoneProviders.Tzdb[wish.Zone];
        var playbook = await playbooks.AsKnown(tenant, wish.Position, wish.AsOf, ct);
        var now = await deals.Rows(tenant, wish.AsOf, wish.Position, ct);
        var currency = wish.Currency ?? playbook.Document?.Forecast?.Currency ?? MostUsed(now.Where(wish.Scope.Holds));
        var digits = Currencies.DigitsOf(currency) ?? throw new JobFailed($"'{currency}' is not an ISO 4217 currency code such as USD or CNY.");

        var mine = now.Where(deal => deal is { OpenedAt: not null, IsFlagged: false, ClosedAt: not null } && wish.Scope.Holds(deal)
            && deal.Currency == currency).ToList();
        var outcomes = mine.ToDictionary(deal => deal.OpportunityId, deal => deal.Status == ForecastDeal.Won);
        var wins = mine.Where(deal => deal.Status == ForecastDeal.Won).ToList();
        var spans = BacktestSpans.Of(wish.Period, wish.From, wish.To).Select(span => ForecastDesk.Between(wish.Period, span.From, span.To, zone)).ToList();

        var test = new Backtest(wish.Engines, wish.FarPercent);
        for (var i = 0; i < spans.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            say("Trying periods", i, spans.Count);
            var manifest = new ForecastManifest(
                ForecastEngines.Usual, wish.Scope, spans[i], wish.Zone, DateTimeZoneProviders.Tzdb.VersionId, spans[i].From, spans[i].Begin,
                wish.Position, playbook.Number ?? 0, ForecastSection.SettingsOf(playbook.Document), currency, digits);
            var then = await deals.Rows(tenant, spans[i].Begin, wish.Position, ct);
            test.Try(manifest, await facts.Of(tenant, manifest, then, wish.Engines, fromEvents: false, ct), outcomes, Won(spans[i]));
        }

        say("Trying periods", spans.Count, spans.Count);
        var series = Series(wish, wins, spans, zone);
        return new(
            wish.Period.ToString().ToLowerInvariant(), spans[0].From, spans[^1].To, wish.Scope, currency, wish.Position, wish.FarPercent,
            test.Parts([.. series.Select(span => (span.From, span.To, Won(span)))], series.Count - spans.Count, BacktestSpans.Cycles(wish.Period)));

        decimal Won(ForecastSpan span) => wins.Where(deal => deal.ClosedAt >= span.Begin && deal.ClosedAt < span.End).Sum(deal => deal.Amount ?? 0);
    }

    // Naive rules know all periods since anything was won; one of which more than a week had gone by then is only part of one.
    private static List<ForecastSpan> Series(BacktestWish wish, List<ForecastDeal> wins, List<ForecastSpan> spans, DateTimeZone zone)
    {
        var first = wins.Count == 0 ? spans[0].From
            : Instant.FromDateTimeOffset(wins.Min(deal => deal.ClosedAt!.Value)).InZone(zone).Date.ToDateOnly();
        var begin = BacktestSpans.Of(wish.Period, first.AddDays(-7), spans[0].From).Take(BacktestSpans.Most)
            .Where(span => span.To > first).Select(span => ForecastDesk.Between(wish.Period, span.From, span.To, zone));
        return [.. begin, .. spans];
    }

    private static string MostUsed(IEnumerable<ForecastDeal> deals) => deals
        .Where(deal => deal is { OpenedAt: not null, IsFlagged: false, Currency: not null }).CountBy(deal => deal.Currency!)
        .OrderByDescending(same => same.Value).ThenBy(same => same.Key, StringComparer.Ordinal).Select(same => same.Key).FirstOrDefault()
        ?? throw new JobFailed("There is no opportunity whose currency could be taken; name one.");
}
