using Crm.EventModel;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// How changes of totals are gathered into blocks on both axes: days of business time by runs of positions, and blocks of blocks above them.
/// </summary>
/// <param name="PositionBits">A run of the lowest level is two to this many positions long.</param>
/// <param name="FanoutBits">A block holds two to this many of the level below, on each axis.</param>
/// <param name="Levels">How many levels there are.</param>
public sealed record BlockGrid(int PositionBits, int FanoutBits, int Levels)
{
    /// <summary>16,384 positions by a day; 131,072 by 8 days; a million by 64 days; eight million by 512 days.</summary>
    public static readonly BlockGrid Default = new(PositionBits: 14, FanoutBits: 3, Levels: 4);

    private static readonly int FirstDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Positions in a run of a level.</summary>
    public long Positions(int level) => 1L << (PositionBits + (FanoutBits * level));

    /// <summary>The run of a level that a position lies in.</summary>
    public long PositionBlock(long position, int level) => position >> (PositionBits + (FanoutBits * level));

    /// <summary>The span of a level that a moment lies in.</summary>
    public long TimeBlock(DateTimeOffset at, int level) => (DateOnly.FromDateTime(at.UtcDateTime).DayNumber - FirstDay) >> (FanoutBits * level);

    /// <summary>The first moment of a span.</summary>
    public DateTimeOffset Start(long timeBlock, int level) =>
        DateTimeOffset.UnixEpoch.AddDays(Math.Max(timeBlock << (FanoutBits * level), DateOnly.MinValue.DayNumber - FirstDay));

    /// <summary>
    /// The sets of columns that sums are kept for, narrowest first and all of them last; the last, of many groups, from the second level on.
    /// </summary>
    public IReadOnlyList<BlockRollup> Rollups(Totals totals)
    {
        var all = RowShape.Of(totals.GroupType).Columns.Select(c => c.Name).ToList();
        return
        [
            .. totals.Rollups.Select((columns, i) => new BlockRollup(i, [.. all.Where(columns.Contains)], Finest: 0)),
            new BlockRollup(totals.Rollups.Count, all, Finest: Math.Min(1, Levels - 1))
        ];
    }
}

/// <param name="Finest">The lowest level that is kept.</param>
public sealed record BlockRollup(int Number, IReadOnlyList<string> Columns, int Finest);
