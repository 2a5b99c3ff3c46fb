using Crm.EventModel;
using Npgsql;
using NpgsqlTypes;

namespace Crm.EventStore.ReadModels;

/// <summary>Reads and writes the rows of a page set-wise, inside the follower's transaction.</summary>
internal sealed class PageWriter(ModelTables tables, NpgsqlConnection connection)
{
    private ReadModel Model => tables.Model;

    /// <summary>The kept rows of these streams, resumed as folds.</summary>
    public async Task<Dictionary<(string, Guid), StreamFold>> Load(
        IReadOnlyCollection<(string Tenant, Guid Stream)> streams, EventTypes types, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select t.tenant_id, t.facts_until, t.version, t.position, {string.Join(", ", tables.Shape.Columns.Select(c => $"t.{c.Name}"))}
            from unnest($1, $2) as s (tenant_id, stream_id)
            join {tables.Rows} t on t.tenant_id = s.tenant_id and t.{tables.Id} = s.stream_id
            """, connection);
        command.Parameters.AddWithValue(streams.Select(s => s.Tenant).ToArray());
        command.Parameters.AddWithValue(streams.Select(s => s.Stream).ToArray());
        var folds = new Dictionary<(string, Guid), StreamFold>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var row = tables.Shape.Make([.. tables.RowColumns.Select((c, i) => reader.IsDBNull(i + 4) ? null : c.Type.FromDb(reader.GetValue(i + 4)))]);
            var fold = new StreamFold(Model, tables.Shape, types);
            fold.Resume(row, reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(2), reader.GetInt64(3));
            folds.Add((reader.GetString(0), (Guid)tables.Shape.Columns[0].Get(row)!), fold);
        }

        return folds;
    }

    public async Task WriteRows(IReadOnlyDictionary<(string Tenant, Guid Stream), StreamFold> folds, CancellationToken ct)
    {
        await using (var delete = new NpgsqlCommand($"""
            delete from {tables.Rows} t using unnest($1, $2) as s (tenant_id, stream_id)
            where t.tenant_id = s.tenant_id and t.{tables.Id} = s.stream_id
            """, connection))
        {
            delete.Parameters.AddWithValue(folds.Keys.Select(s => s.Tenant).ToArray());
            delete.Parameters.AddWithValue(folds.Keys.Select(s => s.Stream).ToArray());
            await delete.ExecuteNonQueryAsync(ct);
        }

        await AddRows(folds, ct);
    }

    /// <summary>Writes rows of streams that have none yet.</summary>
    public async Task AddRows(IEnumerable<KeyValuePair<(string Tenant, Guid Stream), StreamFold>> folds, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {tables.Rows} (tenant_id, {tables.RowColumnList}, facts_until, version, position) from stdin (format binary)", ct);
        foreach (var ((tenant, _), fold) in folds)
        {
            if (fold.Row is { } row)
            {
                copy.StartRow();
                copy.Write(tenant, NpgsqlDbType.Text);
                Write(copy, row);
                copy.Write(fold.Newest.ToUniversalTime(), NpgsqlDbType.TimestampTz);
                copy.Write(fold.Version, NpgsqlDbType.Bigint);
                copy.Write(fold.Position, NpgsqlDbType.Bigint);
            }
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>Adds rows of a log.</summary>
    public async Task AddLog(IReadOnlyList<(string Tenant, object Row)> rows, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {tables.Rows} (tenant_id, {tables.RowColumnList}) from stdin (format binary)", ct);
        foreach (var (tenant, row) in rows)
        {
            copy.StartRow();
            copy.Write(tenant, NpgsqlDbType.Text);
            Write(copy, row);
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>Adds states to the history, and ends the knowledge of those that a later event showed to be otherwise.</summary>
    public async Task WriteHistory(IReadOnlyList<HistoryEntry> closed, IEnumerable<HistoryEntry> opened, CancellationToken ct)
    {
        if (closed.Count > 0)
        {
            await using var close = new NpgsqlCommand($"""
                update {tables.History} h set to_position = c.position
                from unnest($1, $2, $3, $4, $5) as c (tenant_id, stream_id, at, version, position)
                where h.tenant_id = c.tenant_id and h.{tables.Id} = c.stream_id and h.at = c.at and h.version = c.version
                  and h.to_position is null
                """, connection);
            close.Parameters.AddWithValue(closed.Select(e => e.Tenant).ToArray());
            close.Parameters.AddWithValue(closed.Select(e => e.Stream).ToArray());
            close.Parameters.AddWithValue(closed.Select(e => e.State.At.ToUniversalTime()).ToArray());
            close.Parameters.AddWithValue(closed.Select(e => e.State.Version).ToArray());
            close.Parameters.AddWithValue(closed.Select(e => e.Position).ToArray());
            await close.ExecuteNonQueryAsync(ct);
        }

        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {tables.History} (tenant_id, {tables.RowColumnList}, at, version, from_position, to_position, is_there) from stdin (format binary)", ct);
        foreach (var entry in opened)
        {
            copy.StartRow();
            copy.Write(entry.Tenant, NpgsqlDbType.Text);
            if (entry.State.Row is { } row)
            {
                Write(copy, row);
            }
            else
            {
                copy.Write(entry.Stream, NpgsqlDbType.Uuid);
                for (var i = 1; i < tables.RowColumns.Count; i++)
                {
                    copy.WriteNull();
                }
            }

            copy.Write(entry.State.At.ToUniversalTime(), NpgsqlDbType.TimestampTz);
            copy.Write(entry.State.Version, NpgsqlDbType.Bigint);
            copy.Write(entry.Position, NpgsqlDbType.Bigint);
            if (entry.KnownUntil is { } until)
            {
                copy.Write(until, NpgsqlDbType.Bigint);
            }
            else
            {
                copy.WriteNull();
            }

            copy.Write(entry.State.Row is not null, NpgsqlDbType.Boolean);
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>Moves the follower's position, provided that nobody else did.</summary>
    /// <exception cref="OvertakenException">Somebody did; what this transaction wrote must not stand.</exception>
    public async Task Advance(long from, long to, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            update public.mt_event_progression set last_seq_id = $3, last_updated = clock_timestamp() where name = $1 and last_seq_id = $2
            """, connection);
        command.Parameters.AddWithValue(tables.Progress);
        command.Parameters.AddWithValue(from);
        command.Parameters.AddWithValue(to);
        if (await command.ExecuteNonQueryAsync(ct) != 1)
        {
            throw new OvertakenException(Model.Name);
        }
    }

    // Not awaited value by value: each only goes to a buffer, and there are millions of them.
    private void Write(NpgsqlBinaryImporter copy, object row)
    {
        foreach (var (column, type) in tables.RowColumns)
        {
            if (column.Get(row) is { } value)
            {
                type.Put(copy, value);
            }
            else
            {
                copy.WriteNull();
            }
        }
    }
}

/// <summary>A state for the history, known from a position and, where a later event of the same page showed it otherwise, until another.</summary>
internal sealed record HistoryEntry(string Tenant, Guid Stream, RowState State, long Position, long? KnownUntil = null);

/// <summary>Another process moved this follower's position: it leads now.</summary>
internal sealed class OvertakenException(string model) : Exception($"Another process carries {model} forward.");
