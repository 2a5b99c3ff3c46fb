using Crm.Domain.Access;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Opportunities.Care;

/// <summary>Who of several gets a task.</summary>
internal sealed class TaskTakers(string tenant, Organisation organisation)
{
    // What was given in the same breath is not in the table yet.
    private readonly Dictionary<string, long> given = new(StringComparer.Ordinal);

    public string? TeamOf(string? rep) => organisation.Members.Where(one => (one.Value.Rep ?? one.Key) == rep)
        .Select(one => one.Value.Team).FirstOrDefault();

    /// <summary>Of those in a role who may come in whoever has the fewest open tasks, of several the first by name; nobody where nobody is
    /// in it.</summary>
    public async Task<(string? Rep, string? Team)> LeastLoaded(NpgsqlConnection connection, string role, CancellationToken ct)
    {
        var among = organisation.Members.Where(one => one.Value.Role == role && organisation.Active(one.Key) is not null)
            .Select(one => one.Value.Rep ?? one.Key).Distinct().ToList();
        var open = await Open(connection, among, ct);
        var rep = among.OrderBy(one => open.GetValueOrDefault(one) + given.GetValueOrDefault(one))
            .ThenBy(one => one, StringComparer.Ordinal).FirstOrDefault();
        if (rep is not null)
        {
            given[rep] = given.GetValueOrDefault(rep) + 1;
        }

        return (rep, TeamOf(rep));
    }

    private async Task<Dictionary<string, long>> Open(NpgsqlConnection connection, IReadOnlyList<string> reps, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select rep, count(*) from {ModelTables.Of(Catalog.Tasks).Rows}
            where tenant_id = $1 and rep = any($2) and state = 'open' group by rep
            """, connection);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(reps.ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var open = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            open.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return open;
    }
}
