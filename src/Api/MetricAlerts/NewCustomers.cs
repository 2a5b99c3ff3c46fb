using Crm.Api.Http;
using Crm.Domain.Playbooks;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.MetricAlerts;

/// <summary>
/// Customers who bought for the first time in a span, and those of them who bought nothing more within so many days of that: by
/// opportunities that were won, of whichever pipeline, as the history shows them at a moment.
/// </summary>
internal sealed class NewCustomers(Queries queries)
{
    private static readonly string Sql = $"""
        with fact as (
            select distinct on (opportunity_id) customer_id, status, closed_at, flag, region, team, product
            from {ModelTables.Of(Catalog.Opportunities).History}
            where tenant_id = $1 and at < $2 and from_position <= $3 and (to_position is null or to_position > $3) and is_there
            order by opportunity_id, at desc, version desc),
        won as (
            select customer_id, closed_at from fact
            where status = 'won' and flag is null and customer_id is not null and ($7::text is null or region = $7)
              and ($8::text is null or team = $8) and ($9::text is null or product = $9)),
        newcomer as (select customer_id, min(closed_at) as at from won group by customer_id)
        select count(*), count(*) filter (where not exists (
            select from won w
            where w.customer_id = n.customer_id and w.closed_at > n.at and w.closed_at <= n.at + $6 * interval '24 hours'))
        from newcomer n where n.at >= $4 and n.at < $5
        """;

    /// <returns>How many there were, how many of them went, and up to where the history was known.</returns>
    public async Task<(long All, long Gone, long Position)> Of(
        Caller by, Times times, DateTimeOffset from, DateTimeOffset to, ShareAboveSection metric, CancellationToken ct)
    {
        var lens = await queries.Lens(times, by.Zone, ct);
        var (found, position) = await queries.Read(by.Tenant, Catalog.Opportunities, lens, least: null, async (connection, known) =>
        {
            await using var command = new NpgsqlCommand(Sql, connection);
            foreach (var value in (object?[])[by.Tenant, lens.Until.ToUniversalTime(), known, from.ToUniversalTime(), to.ToUniversalTime(),
                metric.WithinDays, metric.Region, metric.Team, metric.Product])
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            }

            await using var reader = await command.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            return (reader.GetInt64(0), reader.GetInt64(1));
        }, ct);
        return (found.Item1, found.Item2, position);
    }
}
