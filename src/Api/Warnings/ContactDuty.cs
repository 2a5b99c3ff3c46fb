using Crm.Api.Automations;
using Crm.Domain.Contacts;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Warnings;

/// <summary>
/// Has deals looked at again when something happened to contacts of their customers. Whose deals these are is known once the tables are as
/// far; until then it waits at its own place in the log, and nothing else does.
/// </summary>
internal sealed class ContactDuty(Engine engine, WarningCare care, NpgsqlConnection connection) : IDuty
{
    private const string Progress = "automations:warnings:contacts";
    private const int PageSize = 500;

    private readonly LogPlace place = new(connection, Progress);
    private readonly string[] types = [.. engine.Store.Types.AliasesOf(typeof(IContactEvent))];
    private long position;

    public async Task Begin(CancellationToken ct)
    {
        // What those who looked after both at once had done by then is done.
        await using var command = new NpgsqlCommand("select last_seq_id from public.mt_event_progression where name = $1", connection);
        command.Parameters.AddWithValue(WarningCare.Progress);
        position = await place.Open((long?)await command.ExecuteScalarAsync(ct), ct);
    }

    public async Task<bool> Step(CancellationToken ct)
    {
        var (events, seen) = await LogReader.ReadOn(
            connection, engine.Store.Types, new LogSpan(position, long.MaxValue, [], [], types), PageSize, ct);
        if (events.Count > 0 && !await AreKnown(events[^1].Position, ct))
        {
            return false;
        }

        foreach (var tenant in events.GroupBy(e => e.Tenant))
        {
            if (await care.ModeOf(tenant.Key, ct) is not null)
            {
                var now = engine.Store.Clock.GetUtcNow();
                var deals = await Deals(tenant.Key, [.. tenant.Select(e => e.StreamId).Distinct()], ct);
                await care.Dues.Note(engine.Followers, tenant.Key, deals.ToDictionary(id => id, _ => (DateTimeOffset?)now), ct);
            }
        }

        if (seen > position)
        {
            await place.Advance(position, seen, [], ct);
            position = seen;
        }

        return events.Count > 0;
    }

    private async Task<bool> AreKnown(long last, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select min(coalesce(p.last_seq_id, 0)) >= $2
            from unnest($1) as m (name) left join public.mt_event_progression p on p.name = m.name
            """, connection);
        command.Parameters.AddWithValue((string[])[Catalog.BuyingRoles.Progress, Catalog.Opportunities.Progress]);
        command.Parameters.AddWithValue(last);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<IReadOnlySet<Guid>> Deals(string tenant, Guid[] contacts, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select d.opportunity_id from {ModelTables.Of(Catalog.BuyingRoles).Rows} c
            join {ModelTables.Of(Catalog.Opportunities).Rows} d on d.tenant_id = c.tenant_id and d.customer_id = c.customer_id
            where c.tenant_id = $1 and c.contact_id = any($2) and d.status = 'open'
            """, connection);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(contacts);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var deals = new HashSet<Guid>();
        while (await reader.ReadAsync(ct))
        {
            deals.Add(reader.GetGuid(0));
        }

        return deals;
    }
}
