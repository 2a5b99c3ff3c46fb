using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// Totals of a past moment: what occurred before it, as known at a position. From the coarsest blocks that lie wholly within both bounds down
/// to the finest, and from single changes for the rest.
/// </summary>
public sealed class RewoundTotals(ModelTables tables, Totals totals, BlockGrid? grid = null)
{
    private readonly BlockGrid grid = grid ?? BlockGrid.Default;

    /// <summary>
    /// A relation of <paramref name="columns"/>, count and amount, of which several rows may be of one group; to be summed. Adds its parameters to
    /// the command, whose connection is in a snapshot.
    /// </summary>
    public async Task<string> Relation(
        NpgsqlCommand command, string tenant, IReadOnlyCollection<string> columns, DateTimeOffset until, long position, CancellationToken ct)
    {
        var gathered = await Gathered(command.Connection!, ct);
        var rollup = grid.Rollups(totals).First(r => columns.All(r.Columns.Contains));
        var names = string.Concat(columns.Select(c => $"{c}, "));
        var owner = command.Parameter(tenant);
        var end = Math.Min(position + 1, gathered);

        // What lies below both bounds of a level is summed from it, but for what the level above has summed already.
        var parts = new List<string>();
        var (outerAt, outerPosition) = (long.MinValue, 0L);
        for (var level = grid.Levels - 1; level >= rollup.Finest; level--)
        {
            var (at, run) = (grid.TimeBlock(until, level), grid.PositionBlock(end, level));
            var blocks = $"select {names}count, amount from {tables.BlocksTable(totals)} where tenant_id = {owner} and rollup = {rollup.Number} and level = {level}";
            if (level < grid.Levels - 1)
            {
                parts.Add($"{blocks} and at_block >= {outerAt << grid.FanoutBits} and at_block < {at} and position_block < {run}");
                parts.Add($"{blocks} and at_block < {outerAt << grid.FanoutBits} and position_block >= {outerPosition << grid.FanoutBits} and position_block < {run}");
            }
            else
            {
                parts.Add($"{blocks} and at_block < {at} and position_block < {run}");
            }

            (outerAt, outerPosition) = (at, run);
        }

        var changes = $"select {names}count, amount from {tables.ChangesTable(totals)} where tenant_id = {owner}";
        var edge = command.Parameter(grid.Start(outerAt, rollup.Finest));
        parts.Add($"{changes} and at >= {edge} and at < {command.Parameter(until.ToUniversalTime())} and position <= {command.Parameter(position)}");
        parts.Add($"{changes} and at < {edge} and position >= {outerPosition * grid.Positions(rollup.Finest)} and position <= {command.Parameter(position)}");
        return $"({string.Join("\nunion all ", parts)})";
    }

    private async Task<long> Gathered(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select position from {tables.CheckpointTable(totals)}", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
