using Crm.Api.Http;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Opportunities;
using Npgsql;

namespace Crm.Api.Conversion;

/// <summary>Counts the deals that were decided in a span of time, by how far those that were won have come.</summary>
public sealed class WinRateReport(Queries queries)
{
    private static readonly ModelReader<OpportunityList.Row> Deals = new(Catalog.Opportunities);

    /// <summary>What of a row in the list says that it counts as won in a way; of the deals that are won.</summary>
    internal static string Reached(WonState state, string deal) => state switch
    {
        WonState.Paid => $"{deal}.status = 'won' and {deal}.paid_at is not null",
        WonState.Delivered => $"{deal}.status = 'won' and {deal}.delivered_at is not null",
        _ => $"{deal}.status = 'won'"
    };

    internal async Task<WinRateAnswer> Of(Caller by, WinRateQuestion question, Lens lens, PositionToken? least, CancellationToken ct)
    {
        Queries.MustFollow("from", question.From, "to", question.To, by.Zone);
        var (from, to) = (question.From?.In(by.Zone), question.To?.In(by.Zone));
        var (lines, position) = await queries.Read(by.Tenant, Catalog.Opportunities, lens, least, Lines, ct);
        return new WinRateAnswer(
            lens.AsOf, lens.KnownAt, position, Catalog.Opportunities.Version, from, to, lines.Single(line => line.By is null).Figures,
            [.. lines.Where(line => line.By is not null).OrderBy(line => line.By).Select(line => new WinRateGroup(
                question.Groups.Zip(line.By!.Values).ToDictionary(part => part.First, part => part.Second), line.Figures))]);

        async Task<IReadOnlyList<(GroupKey? By, WinFigures Figures)>> Lines(NpgsqlConnection connection, long known)
        {
            await using var command = new NpgsqlCommand(Sql(lens.Rewound, question.Groups), connection);
            foreach (var value in (object[])[by.Tenant, lens.Until.ToUniversalTime(), known, by.Zone.Id,
                (from ?? DateTimeOffset.MinValue).ToUniversalTime(), (to ?? DateTimeOffset.MaxValue).ToUniversalTime()])
            {
                command.Parameters.AddWithValue(value);
            }

            FigureParameters.Add(command, question.Filters.Select(filter => filter.Value), by.Sight.Owners);
            var found = new List<(GroupKey?, WinFigures)>();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                WinRate clean = new(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
                WinRate all = new(reader.GetInt64(5), Paid: 0, Delivered: 0, reader.GetInt64(6));
                var group = reader.GetBoolean(0) ? null : new GroupKey([.. question.Groups.Select((_, i) => Text(7 + i))]);
                found.Add((group, WinFigures.Of(clean, all)));
            }

            return found;

            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        }
    }

    // Parameters: 1 tenant, 2 as of, 3 known at, 4 the zone of months, 5 and 6 the span, then the filters and whose records are seen. The
    // month is that of the signing, however much later it was paid.
    private static string Sql(bool rewound, IReadOnlyList<string> by)
    {
        var dimensions = string.Concat(by.Select(d => $", {d}"));
        return $"""
            with deal as (
                select d.status, d.paid_at, d.delivered_at, d.flag, d.pipeline, d.team, d.rep, d.region, d.product,
                       to_char(d.closed_at at time zone $4, 'YYYY-MM') as month
                from {Deals.Rows(rewound)} d
                where d.opened_at is not null and d.status <> 'open' and d.closed_at >= $5 and d.closed_at < $6
                  and ($7::text is null or pipeline = $7) and ($8::text is null or team = $8) and ($9::text is null or rep = $9)
                  and ($10::text is null or region = $10) and ($11::text is null or product = $11)
                  and ($12::text[] is null or rep = any($12) or team = any($13)))
            select {(by.Count == 0 ? "true" : $"grouping({by[0]}) = 1")}, {Count(WonState.Signed)}, {Count(WonState.Paid)},
                {Count(WonState.Delivered)},
                   count(*) filter (where status = 'lost' and flag is null), count(*) filter (where status = 'won'),
                   count(*) filter (where status = 'lost'){dimensions}
            from deal group by grouping sets ({(by.Count == 0 ? "()" : $"(), ({dimensions[2..]})")})
            """;

        static string Count(WonState state) => $"count(*) filter (where {Reached(state, "deal")} and flag is null)";
    }
}
