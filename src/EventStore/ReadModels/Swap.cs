using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// Puts other tables of a read model in the place of the live ones. The live follower is held at its position for the moment that it takes,
/// the others are carried to that same position, and the tables change places in one transaction: a reader sees the ones or the others, whole.
/// </summary>
internal sealed class Swap(NpgsqlDataSource database, ReadModel model, EventTypes types)
{
    private const int Tries = 20;
    private const int Passes = 5;
    private const int ShownDifferences = 20;

    private readonly ModelTables live = ModelTables.Of(model);

    /// <summary>The rebuilt tables become live; what they replace waits in case somebody wants it back.</summary>
    /// <returns>The position at which they took over.</returns>
    public Task<long> In(IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var target = ModelTables.In(ModelTables.New, model);
        return Exchange(target, progress, position =>
        [
            .. target.Names.Select(t => $"drop table if exists {ModelTables.Old}.{t} cascade;"),
            .. Move(ModelTables.Live, ModelTables.Old), .. Move(ModelTables.New, ModelTables.Live), .. live.Views(),
            $"delete from public.mt_event_progression where name in ({Quoted(target.Progress)}, {Quoted(OldProgress)});",
            $"insert into public.mt_event_progression (name, last_seq_id) values ({Quoted(OldProgress)}, {position});",
            $"delete from crm.rebuild where name = {Quoted(model.Progress)};",
            $"delete from crm.read_model_stop where name = {Quoted(model.Progress)};",
            $"delete from crm.rebuild_chunk where name = {Quoted(model.Progress)};"
        ], ct);
    }

    /// <summary>What the last rebuild replaced becomes live again, carried up to the present; done twice, it is as before.</summary>
    /// <exception cref="InvalidOperationException">Nothing was replaced.</exception>
    public async Task<long> Undo(IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var target = ModelTables.In(ModelTables.Old, model);
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            if (await Position(connection, target.Progress, "", ct) is null)
            {
                throw new InvalidOperationException($"No rebuild of {model.Name} is there to undo.");
            }
        }

        return await Exchange(target, progress, position =>
        [
            .. Move(ModelTables.Live, ModelTables.New), .. Move(ModelTables.Old, ModelTables.Live), .. Move(ModelTables.New, ModelTables.Old), .. live.Views(),
            $"update public.mt_event_progression set last_seq_id = {position} where name = {Quoted(target.Progress)};"
        ], ct);
    }

    /// <summary>Rows that stand only in the live or only in the rebuilt tables, both at one position.</summary>
    public async Task<(long Position, IReadOnlyList<string> Differences)> Compare(IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var target = ModelTables.In(ModelTables.New, model);
        var reached = await Approach(target, progress, ct);

        // The live model may be behind, or followed by nobody: it has to come as far as the new one did.
        await new Follower(database, model, types, new Wakeup()).CatchUp(null, ct, upTo: reached);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var position = await Hold(connection, ct);
        if (position < reached)
        {
            throw new InvalidOperationException($"{model.Name} is stopped at position {position}, before {reached}: nothing can be compared until it goes on.");
        }

        await CatchUp(target, position, progress, ct);
        var differences = new List<string>();
        foreach (var table in target.Names.Except(target.Derived))
        {
            // Rows as text: every column, and no operator that numbers or arrays would lack.
            await using var command = new NpgsqlCommand($"""
                select side || x from (
                    (select 'live:    ' as side, l::text as x from {ModelTables.Live}.{table} l except all select 'live:    ', n::text from {ModelTables.New}.{table} n)
                    union all
                    (select 'rebuilt: ', n::text from {ModelTables.New}.{table} n except all select 'rebuilt: ', l::text from {ModelTables.Live}.{table} l)) d
                order by x limit {ShownDifferences}
                """, connection) { CommandTimeout = 0 };
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                differences.Add($"{table} {reader.GetString(0)}");
            }
        }

        return (position, differences);
    }

    private string OldProgress => ModelTables.In(ModelTables.Old, model).Progress;

    private async Task<long> Exchange(ModelTables target, IProgress<RebuildProgress>? progress, Func<long, IEnumerable<string>> statements, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            await Approach(target, progress, ct);
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            try
            {
                // A live model that nobody follows may be behind: then it is the new tables that say how far things are.
                var position = await CatchUp(target, await Hold(connection, ct), progress, ct);
                await using var command = new NpgsqlCommand(string.Join('\n',
                [
                    $"create schema if not exists {ModelTables.Old};", $"create schema if not exists {ModelTables.New};", .. statements(position),
                    $"update public.mt_event_progression set last_seq_id = {position} where name = {Quoted(model.Progress)};"
                ]), connection);
                await command.ExecuteNonQueryAsync(ct);
                await transaction.CommitAsync(ct);
                return position;
            }
            catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected && tries < Tries)
            {
                // A reader holds a table for long: let it finish rather than queue everybody behind us.
                await transaction.RollbackAsync(ct);
                await Task.Delay(TimeSpan.FromMilliseconds(100 * tries), ct);
            }
        }
    }

    // Until this transaction ends the live follower cannot move.
    private async Task<long> Hold(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var patience = new NpgsqlCommand("set local lock_timeout = '1s'", connection);
        await patience.ExecuteNonQueryAsync(ct);
        await using var begin = new NpgsqlCommand("insert into public.mt_event_progression (name, last_seq_id) values ($1, 0) on conflict do nothing", connection);
        begin.Parameters.AddWithValue(model.Progress);
        await begin.ExecuteNonQueryAsync(ct);
        return (await Position(connection, model.Progress, "for update", ct))!.Value;
    }

    // Carries tables near to the head. Each pass goes as far as there was when it began: whoever follows a head that moves may follow for ever.
    private async Task<long> Approach(ModelTables tables, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        for (var pass = 1; ; pass++)
        {
            var position = await CatchUp(tables, await Head(ct), progress, ct);
            if (pass == Passes || await Head(ct) - position <= Follower.PageSize)
            {
                return position;
            }
        }
    }

    // Carries tables that nobody else follows up to a position.
    private async Task<long> CatchUp(ModelTables tables, long upTo, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using (var set = new NpgsqlCommand(Projector.Session, connection))
        {
            await set.ExecuteNonQueryAsync(ct);
        }

        var projector = new Projector(tables, types);
        while (true)
        {
            // A live model may be ahead of a store that was set back; there is nothing to read there.
            var look = await projector.Look(connection, Follower.PageSize, upTo, ct);
            if (look.Position >= look.End)
            {
                return look.Position;
            }

            if (look.Next.Unreadable is { } unreadable)
            {
                throw unreadable;
            }

            await projector.Write(connection, look.Next, look.Position, look.Skipped, ct);
            progress?.Report(new RebuildProgress("Catching up", look.Next.Position, look.End));
        }
    }

    private async Task<long> Head(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select position from crm.lane");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private IEnumerable<string> Move(string from, string to) => live.Names.Select(table => $"alter table {from}.{table} set schema {to};");

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static async Task<long?> Position(NpgsqlConnection connection, string progress, string how, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select last_seq_id from public.mt_event_progression where name = $1 {how}", connection);
        command.Parameters.AddWithValue(progress);
        return (long?)await command.ExecuteScalarAsync(ct);
    }
}
