using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>A run of streams, in the order of the primary key; the last one has no end.</summary>
/// <param name="Events">How many its streams have.</param>
internal sealed record Chunk(int Number, string FromTenant, Guid FromStream, string? ToTenant, Guid? ToStream, long Events);

/// <summary>What a rebuild has to do and has done, kept in the database so that a killed one goes on.</summary>
internal sealed class RebuildPlan(NpgsqlDataSource database, ReadModel model, int? eventsInAChunk)
{
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private string Name => model.Progress;

    // What rows come out depends on the models, the events and how they are folded.
    private string Build => string.Join('-', new[] { model.GetType(), model.Reads, typeof(ReadModel), typeof(RebuildPlan) }.Select(t => t.Module.ModuleVersionId.ToString("N")).Distinct());

    /// <summary>Holds the right to rebuild this model until disposed.</summary>
    /// <exception cref="InvalidOperationException">Another process holds it.</exception>
    public async Task<IAsyncDisposable> Alone(CancellationToken ct)
    {
        // One that was killed holds it until PostgreSQL has ended what it was about.
        for (var asked = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Pause, ct))
        {
            if (await Sole.Try(database, $"crm.rebuild:{Name}", useOrLose: false, ct) is { } alone)
            {
                return alone;
            }

            if (TimeProvider.System.GetElapsedTime(asked) > MostWait)
            {
                throw new InvalidOperationException($"{model.Name} is being rebuilt by another process.");
            }
        }
    }

    /// <summary>Goes on with what was begun, or begins: empty tables, and all streams in chunks.</summary>
    /// <returns>Up to which position the first pass goes, and whether it is through.</returns>
    public async Task<(long Position, bool Folded)> Begin(ModelTables target, CancellationToken ct)
    {
        await using (var command = database.CreateCommand("select position, folded from crm.rebuild where name = $1 and build = $2"))
        {
            command.Parameters.AddWithValue(Name);
            command.Parameters.AddWithValue(Build);
            await using var reader = await command.ExecuteReaderAsync(ct);
            if (await reader.ReadAsync(ct))
            {
                return (reader.GetInt64(0), reader.GetBoolean(1));
            }
        }

        await Forget(ct);
        await target.CreateBare(database, ct);
        await using var begin = database.CreateCommand("""
            with head as (select position from crm.lane),
                 stream as (select tenant_id, id, version, sum(version) over (order by tenant_id, id) - version as before, sum(version) over () as total
                            from public.mt_streams),
                 chunks as (insert into crm.rebuild_chunk (name, number, from_tenant, from_stream, events)
                            select $1, row_number() over (order by tenant_id, id), tenant_id, id, events
                            from (select distinct on (n) tenant_id, id, sum(version) over (partition by n) as events
                                  from (select *, div(before, coalesce($2, least(greatest(ceil(total / $4), 20000), div(1000000, $4)))) as n from stream) s
                                  order by n, tenant_id, id) c)
            insert into crm.rebuild (name, position, build) select $1, position, $3 from head returning position
            """);
        begin.Parameters.AddWithValue(Name);
        begin.Parameters.Add(new NpgsqlParameter { Value = (object?)eventsInAChunk ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        begin.Parameters.AddWithValue(Build);
        begin.Parameters.AddWithValue(Rebuild.Workers);
        return ((long)(await begin.ExecuteScalarAsync(ct))!, false);
    }

    public async Task<IReadOnlyList<Chunk>> Open(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select * from (select number, from_tenant, from_stream, lead(from_tenant) over w, lead(from_stream) over w, events, done
                           from crm.rebuild_chunk where name = $1 window w as (order by number)) c
            where not done order by number
            """);
        command.Parameters.AddWithValue(Name);
        var chunks = new List<Chunk>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            chunks.Add(new Chunk(
                reader.GetInt32(0), reader.GetString(1), reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetGuid(4),
                reader.GetInt64(5)));
        }

        return chunks;
    }

    public Task<long> Done(CancellationToken ct) => Number("select count(*) from crm.rebuild_chunk where name = $1 and done", ct);

    public Task<long> Events(CancellationToken ct) => Number("select coalesce(sum(events), 0)::bigint from crm.rebuild_chunk where name = $1", ct);

    /// <summary>Ends the first pass: keys, what the changes add up to, and from where the new tables are followed.</summary>
    public async Task Finish(ModelTables target, long position, CancellationToken ct)
    {
        // Each of these may be done twice: who is killed among them begins with the first again.
        await AtOnce([.. model.Totals.Select(totals => Sum(target, totals)), .. new ModelSchema(target).Keys()], ct);
        foreach (var wall in new ModelSchema(target).Walls())
        {
            await AtOnce([wall], ct);
        }

        await AtOnce(target.Names.Select(table => $"analyze {ModelTables.New}.{table}"), ct);
        await using var command = database.CreateCommand("""
            with followed as (insert into public.mt_event_progression (name, last_seq_id) values ($1, $2)
                              on conflict (name) do update set last_seq_id = excluded.last_seq_id)
            update crm.rebuild set folded = true where name = $3
            """);
        command.Parameters.AddWithValue(target.Progress);
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(Name);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Leaves no trace of a rebuild that is over or given up.</summary>
    public async Task Forget(CancellationToken ct)
    {
        var target = ModelTables.In(ModelTables.New, model);
        await using var command = database.CreateCommand(string.Join('\n', target.Names.Select(t => $"drop table if exists {ModelTables.New}.{t} cascade;")));
        await command.ExecuteNonQueryAsync(ct);
        await using var rows = database.CreateCommand("""
            with r as (delete from crm.rebuild where name = $1), c as (delete from crm.rebuild_chunk where name = $1)
            delete from public.mt_event_progression where name = $2
            """);
        rows.Parameters.AddWithValue(Name);
        rows.Parameters.AddWithValue(target.Progress);
        await rows.ExecuteNonQueryAsync(ct);
    }

    private static string Sum(ModelTables target, Totals totals)
    {
        var columns = string.Join(", ", RowShape.Of(totals.GroupType).Columns.Select(c => c.Name));
        return $"""
            truncate {target.TotalsTable(totals)};
            insert into {target.TotalsTable(totals)} (tenant_id, {columns}, count, amount)
            select tenant_id, {columns}, sum(count), sum(amount) from {target.ChangesTable(totals)}
            group by tenant_id, {columns} having sum(count) <> 0 or sum(amount) <> 0;
            """;
    }

    private async Task AtOnce(IEnumerable<string> statements, CancellationToken ct) =>
        await Parallel.ForEachAsync(statements, new ParallelOptions { MaxDegreeOfParallelism = Rebuild.Workers, CancellationToken = ct }, async (sql, stop) =>
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            await using var command = new NpgsqlCommand($"set maintenance_work_mem = '128MB'; set work_mem = '64MB'; {sql}", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(stop);
        });

    private async Task<long> Number(string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(Name);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
