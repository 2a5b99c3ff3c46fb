using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>All read models of a program: their tables, how far each has come, and what an operator can do about one that stopped.</summary>
public sealed class ReadModelSet(NpgsqlDataSource database, IReadOnlyList<ReadModel> models)
{
    public IReadOnlyList<ReadModel> Models => models;

    /// <summary>Makes the tables that are missing.</summary>
    public async Task Create(CancellationToken ct)
    {
        foreach (var model in models)
        {
            await ModelTables.Of(model).Create(database, ct);
        }
    }

    public async Task<IReadOnlyList<ReadModelStatus>> Status(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select m.name, coalesce(p.last_seq_id, 0), l.position, p.last_updated, s.position, s.event_type, s.error
            from unnest($1) with ordinality as m (name, n)
            cross join crm.lane l
            left join public.mt_event_progression p on p.name = m.name
            left join crm.read_model_stop s on s.name = m.name
            order by m.n
            """);
        command.Parameters.AddWithValue(models.Select(m => m.Progress).ToArray());
        var all = new List<ReadModelStatus>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            all.Add(new ReadModelStatus(
                models[all.Count], reader.GetInt64(1), reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : new ReadModelStop(reader.GetInt64(4), reader.GetString(5), reader.GetString(6))));
        }

        return all;
    }

    /// <summary>Lets a stopped model try its event again; with a reason, lets it pass over that event for good.</summary>
    /// <returns>False when it was not stopped.</returns>
    public async Task<bool> Resume(ReadModel model, string? skipBecause, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            with stop as (delete from crm.read_model_stop where name = $1 returning name, position),
                 skip as (insert into crm.read_model_skip (name, position, reason)
                          select name, position, $2 from stop where $2::text is not null on conflict do nothing)
            select count(*) from stop
            """);
        command.Parameters.AddWithValue(model.Progress);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)skipBecause ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return (long)(await command.ExecuteScalarAsync(ct))! == 1;
    }
}

/// <param name="Position">How far it has come.</param>
/// <param name="Head">How far there is.</param>
public sealed record ReadModelStatus(ReadModel Model, long Position, long Head, DateTimeOffset? UpdatedAt, ReadModelStop? Stop);

/// <summary>The event at which a read model stopped, and why.</summary>
public sealed record ReadModelStop(long Position, string EventType, string Error);
