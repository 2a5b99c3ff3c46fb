using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Domain.MetricAlerts;
using Crm.Domain.Playbooks;
using NodaTime;

namespace Crm.Api.MetricAlerts;

/// <summary>Asks the reports for what rules watch, as they showed it at a moment: whoever asks them for the same (<c>at</c>) reads the same.</summary>
internal sealed class MetricReader(ConversionReport report, Queries queries, CurrentPlaybook playbooks)
{
    // There always is.
    private const string Standard = "standard";

    private readonly NewCustomers newCustomers = new(queries);

    /// <exception cref="Problem">400: there is no such pipeline. 503: a read model is behind.</exception>
    public Task<MetricReading> Of(string tenant, DateTimeZone zone, MetricRuleSection rule, DateOnly day, DateTimeOffset moment, CancellationToken ct)
    {
        var question = new Asking(new Caller(tenant, MetricDuty.Actor) { Zone = zone }, day, moment);
        return rule switch
        {
            { NothingNew: { } metric } => NothingNew(question, metric, ct),
            { ShareAbove: { } metric } => ShareAbove(question, metric, ct),
            { ConversionBelow: { } metric } => ConversionBelow(question, metric, ct),
            _ => throw new InvalidOperationException($"The rule {rule.Key} watches nothing that is known here.")
        };
    }

    // What was won exactly so long ago is new enough.
    private async Task<MetricReading> NothingNew(Asking asking, NothingNewSection metric, CancellationToken ct)
    {
        var from = asking.Moment.AddDays(-metric.Days);
        var answers = await Flows(asking, metric.Pipeline, from, to: null, metric.Region, metric.Team, metric.Product, ct);
        var won = answers.Sum(answer => answer.Opportunities.Converted);
        return new(asking.Day, IsBad: won == 0, won, metric.Days, from, asking.Moment, answers[^1].Position);
    }

    private async Task<MetricReading> ShareAbove(Asking asking, ShareAboveSection metric, CancellationToken ct)
    {
        // Of new customers it can be told only when the time in which they would have come again is over.
        var last = metric.Of == WatchedShare.NewCustomersGone ? asking.Day.AddDays(-metric.WithinDays) : asking.Day;
        var month = new DateOnly(last.Year, last.Month, 1);
        var (shares, position) = (new List<decimal?>(), 0L);
        for (var back = metric.Months; back > 0; back--)
        {
            (var part, var all, position) = await Share(asking, metric, asking.Begin(month.AddMonths(-back)), asking.Begin(month.AddMonths(1 - back)), ct);
            shares.Add(MetricMath.Share(part, all));
        }

        var threshold = metric.Percent / 100m;
        return new(
            asking.Day, MetricMath.AllAbove(shares, threshold), shares[^1], threshold, asking.Begin(month.AddMonths(-metric.Months)), asking.Begin(month), position);
    }

    private async Task<(long Part, long All, long Position)> Share(
        Asking asking, ShareAboveSection metric, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        if (metric.Of == WatchedShare.NewCustomersGone)
        {
            var (all, gone, position) = await newCustomers.Of(asking.By, new Times(At: Moment.Of(asking.Moment)), from, to, metric, ct);
            return (gone, all, position);
        }

        // Leads are in no pipeline: each answer has them all.
        var answers = await Flows(asking, metric.Pipeline, from, to, metric.Region, metric.Team, metric.Product, ct);
        Step[] steps = metric.Of == WatchedShare.LeadsDisqualified ? [answers[^1].Leads] : [.. answers.Select(answer => answer.Opportunities)];
        return (steps.Sum(step => step.Lost), steps.Sum(step => step.Converted + step.Lost), answers[^1].Position);
    }

    private async Task<MetricReading> ConversionBelow(Asking asking, ConversionBelowSection metric, CancellationToken ct)
    {
        var quarter = MetricMath.QuarterOf(asking.Day);
        var before = await Flow(asking, metric.Pipeline, asking.Begin(quarter.AddMonths(-3)), asking.Begin(quarter), null, null, null, ct);
        var now = await Flow(asking, metric.Pipeline, asking.Begin(quarter), to: null, null, null, null, ct);
        var ((earlier, _), (rate, left)) = (Rate(before, metric.Stage), Rate(now, metric.Stage));
        var most = metric.Percent / 100m;
        return new(
            asking.Day, left >= metric.AtLeast && MetricMath.Drop(rate, earlier) > most, rate, (earlier ?? 0) * (1 - most), asking.Begin(quarter), asking.Moment, now.Position);
    }

    // The rate of the answer is rounded for people.
    private static (decimal? Rate, long Left) Rate(ConversionAnswer answer, string stage) =>
        answer.Stages.FirstOrDefault(step => step.Name == stage) is { } step && step.Converted + step.Back + step.Lost is var left
            ? (MetricMath.Share(step.Converted, left), left) : (null, 0);

    private async Task<IReadOnlyList<ConversionAnswer>> Flows(
        Asking asking, string pipeline, DateTimeOffset from, DateTimeOffset? to, string? region, string? team, string? product, CancellationToken ct)
    {
        var isAll = pipeline == AlertsSection.AllPipelines;
        var answers = new List<ConversionAnswer> { await Flow(asking, isAll ? Standard : pipeline, from, to, region, team, product, ct) };
        // Which others there are is asked of the same position.
        var known = isAll ? (await playbooks.AsKnown(asking.By.Tenant, answers[0].Position, asking.Moment, ct)).Pipelines.Keys : [];
        foreach (var one in known.Where(one => one != Standard))
        {
            answers.Add(await Flow(asking, one, from, to, region, team, product, ct));
        }

        return answers;
    }

    private async Task<ConversionAnswer> Flow(
        Asking asking, string pipeline, DateTimeOffset from, DateTimeOffset? to, string? region, string? team, string? product, CancellationToken ct)
    {
        var times = new Times(At: Moment.Of(asking.Moment));
        var question = new ConversionQuestion(
            times, ConversionMode.Flow, pipeline, Moment.Of(from), to is { } end ? Moment.Of(end) : null, Team: team, Region: region, Product: product);
        return await report.Of(asking.By, question, await queries.Lens(times, asking.By.Zone, ct), least: null, ct);
    }

    private sealed record Asking(Caller By, DateOnly Day, DateTimeOffset Moment)
    {
        public DateTimeOffset Begin(DateOnly day) => Http.Moment.OfDay(day).In(By.Zone);
    }
}
