using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Forecasting;
using Npgsql;

namespace Crm.Api.Forecasting;

/// <summary>What schedules came to last: what stands, and what is held back.</summary>
public sealed class CurrentForecasts(Queries queries, Store store)
{
    private static readonly ModelReader<ForecastList.Row> Forecasts = new(Catalog.Forecasts);

    /// <summary>The last forecast that stands, and a later one that is held or was refused for it.</summary>
    /// <exception cref="Rejection">There is none that the caller may know of.</exception>
    public async Task<IResult> Of(string schedule, Caller by, PositionToken? least, IfNoneMatch held, CancellationToken ct)
    {
        var (rows, position) = await Rows(by.Tenant, schedule, least, ct);
        var mine = rows.Where(row => by.Sight.Owners?.Own(row.Rep, row.Team) != false).OrderByDescending(row => row.DueAt)
            .ThenByDescending(row => row.RanAt).ToList();
        var stands = mine.Find(row => row.State == "accepted");
        var waits = mine.Find(row => row.State == "held" && (stands is null || row.DueAt > stands.DueAt || row.RanAt > stands.RanAt));
        if (stands is null && waits is null)
        {
            throw ForecastDecider.Unknown();
        }

        var token = queries.Token(position);
        return new Positioned(
            new CurrentForecastAnswer(schedule, stands is null ? null : ForecastAnswer.Of(stands), waits is null ? null : ForecastAnswer.Of(waits)),
            token, WeakTag.Of(held.Request, by, token), held);
    }

    /// <summary>The last forecast of a schedule that stands and was due before another, of the same scope, currency and span; null where there
    /// is none. A span of weeks goes on from week to week, and is the same where there are as many.</summary>
    internal async Task<ForecastList.Row?> Before(string tenant, ForecastDue due, ForecastManifest manifest, CancellationToken ct)
    {
        var (head, _) = await store.Head(ct);
        var (rows, _) = await Rows(tenant, due.Schedule, queries.Token(head), ct);
        return rows.Where(row => row.State == "accepted" && row.DueAt <= due.At && row.Currency == manifest.Currency
                && new ForecastScope(row.Pipeline, row.Team, row.Rep, row.Region, row.Product) == manifest.Scope
                && IsSameSpan(row, manifest.Span))
            .OrderByDescending(row => row.DueAt).ThenByDescending(row => row.RanAt).FirstOrDefault();
    }

    private static bool IsSameSpan(ForecastList.Row row, ForecastSpan span) =>
        row.Period == span.Period.ToString().ToLowerInvariant() && (span.Period == ForecastPeriod.Weeks
            ? row.SpanTo.DayNumber - row.SpanFrom.DayNumber == span.To.DayNumber - span.From.DayNumber
            : row.SpanFrom == span.From);

    private Task<(IReadOnlyList<ForecastList.Row> Rows, long Position)> Rows(
        string tenant, string schedule, PositionToken? least, CancellationToken ct) =>
        queries.Read(tenant, Catalog.Forecasts, new Lens(null, null, null), least, async (connection, _) =>
        {
            // What was said before the last hundred holds nothing back any more.
            await using var command = new NpgsqlCommand(
                $"select {Forecasts.Columns} from {Forecasts.Rows(rewound: false)} r where schedule = $2 order by due_at desc limit 100", connection);
            command.Parameters.AddWithValue(tenant);
            command.Parameters.AddWithValue(schedule);
            await using var reader = await command.ExecuteReaderAsync(ct);
            return await Forecasts.Read(reader, ct);
        }, ct);
}
