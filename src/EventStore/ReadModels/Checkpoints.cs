using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// Gathers the changes of totals into blocks, so that the totals of any past moment, as known at any other, are a sum over few rows. A block
/// is written once, when its run of positions is complete; until then, and wherever a moment cuts through a block, the changes are added up.
/// </summary>
public sealed class Checkpoints(NpgsqlDataSource database, ReadModel model, BlockGrid? grid = null)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly BlockGrid grid = grid ?? BlockGrid.Default;
    private readonly ModelTables tables = ModelTables.Of(model);

    /// <summary>Told what went wrong; it goes on by itself.</summary>
    public event Action<ReadModel, Exception>? Trouble;

    /// <summary>Gathers what follows until told to end.</summary>
    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await CatchUp(ct);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Trouble?.Invoke(model, error);
            }

            await Task.Delay(Poll, ct).ContinueWith(_ => { }, CancellationToken.None);
        }
    }

    /// <summary>Gathers all runs that are complete now.</summary>
    public async Task CatchUp(CancellationToken ct)
    {
        foreach (var totals in model.Totals)
        {
            while (await Step(totals, ct))
            {
                // More runs are complete.
            }
        }
    }

    // A few runs in one transaction. The locks keep a rebuild from changing the tables under it.
    private async Task<bool> Step(Totals totals, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // A program that is frozen here must not keep a rebuild from changing the tables.
        await Run("set local idle_in_transaction_session_timeout = '10s'");
        await Run($"lock table {tables.CheckpointTable(totals)}, {tables.ChangesTable(totals)}, {tables.BlocksTable(totals)} in row share mode");
        var from = await Number($"select position from {tables.CheckpointTable(totals)} for update");
        var reached = await Number($"select coalesce(max(last_seq_id), 0) from public.mt_event_progression where name = '{model.Progress}'");

        // Up to the next run of the second level at the most: a transaction of a second, not of a minute.
        var most = (grid.PositionBlock(from, 1) + 1) * grid.Positions(1);
        var to = Math.Min(grid.PositionBlock(reached + 1, 0) * grid.Positions(0), most);
        if (to <= from)
        {
            return false;
        }

        foreach (var rollup in grid.Rollups(totals))
        {
            for (var level = rollup.Finest; level < grid.Levels && grid.PositionBlock(to, level) > grid.PositionBlock(from, level); level++)
            {
                await Run(level == rollup.Finest ? FromChanges(totals, rollup, from, to) : FromBlocks(totals, rollup, level, from, to));
            }
        }

        await Run($"update {tables.CheckpointTable(totals)} set position = {to}");
        await transaction.CommitAsync(ct);
        return true;

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
        }

        async Task<long> Number(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync(ct))!;
        }
    }

    private string FromChanges(Totals totals, BlockRollup rollup, long from, long to) => Insert(
        totals, rollup, rollup.Finest, tables.ChangesTable(totals),
        $"((at at time zone 'UTC')::date - date '1970-01-01') >> {grid.FanoutBits * rollup.Finest}",
        $"(position >> {grid.PositionBits + (grid.FanoutBits * rollup.Finest)})::int",
        $"position >= {Begin(from, rollup.Finest)} and position < {Begin(to, rollup.Finest)}");

    private string FromBlocks(Totals totals, BlockRollup rollup, int level, long from, long to) => Insert(
        totals, rollup, level, tables.BlocksTable(totals), $"at_block >> {grid.FanoutBits}", $"position_block >> {grid.FanoutBits}",
        $"""
        rollup = {rollup.Number} and level = {level - 1}
        and position_block >= {grid.PositionBlock(from, level) << grid.FanoutBits} and position_block < {grid.PositionBlock(to, level) << grid.FanoutBits}
        """);

    private string Insert(Totals totals, BlockRollup rollup, int level, string source, string at, string position, string where)
    {
        var columns = string.Concat(rollup.Columns.Select(c => $", {c}"));
        return $"""
            insert into {tables.BlocksTable(totals)} (tenant_id, rollup, level, at_block, position_block{columns}, count, amount)
            select tenant_id, {rollup.Number}, {level}, {at} as at_block, {position} as position_block{columns}, sum(count), sum(amount)
            from {source} where {where}
            group by tenant_id, 4, 5{columns} having sum(count) <> 0 or sum(amount) <> 0
            """;
    }

    private long Begin(long position, int level) => grid.PositionBlock(position, level) * grid.Positions(level);
}
