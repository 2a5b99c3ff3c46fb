using Npgsql;

namespace Crm.EventStore;

/// <summary>How far somebody who acts on what happened has gone through the log. Of all processes one at a time does.</summary>
public sealed class LogPlace(NpgsqlConnection connection, string name)
{
    /// <summary>Where the last one stood; the very first begins at the head.</summary>
    public Task<long> Open(CancellationToken ct) => Open(first: null, ct);

    /// <inheritdoc cref="Open(CancellationToken)"/>
    /// <param name="first">Where the very first begins; null for the head.</param>
    public async Task<long> Open(long? first, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            with begun as (insert into public.mt_event_progression (name, last_seq_id)
            select $1, coalesce($2, position) from crm.lane
            on conflict do nothing returning last_seq_id)
            select last_seq_id from begun union all select last_seq_id from public.mt_event_progression where name = $1
            """, connection);
        command.Parameters.AddWithValue(name);
        command.Parameters.Add(new NpgsqlParameter<long?> { TypedValue = first });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Moves on, together with what comes of what was passed.</summary>
    /// <exception cref="InvalidOperationException">Whoever lost the lead without noticing finds that another has moved on; then nothing is
    /// written.</exception>
    public async Task Advance(long from, long to, IReadOnlyList<NpgsqlBatchCommand> with, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "update public.mt_event_progression set last_seq_id = $3, last_updated = clock_timestamp() "
            + "where name = $1 and last_seq_id = $2")
        { Parameters = { new() { Value = name }, new() { Value = from }, new() { Value = to } } });
        foreach (var command in with)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(ct);
        if (batch.BatchCommands[0].RecordsAffected != 1)
        {
            throw new InvalidOperationException("Another process has taken this over.");
        }

        await transaction.CommitAsync(ct);
    }
}
