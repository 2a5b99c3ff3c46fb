namespace Crm.Domain.DailyReports;

/// <summary>What somebody told of his day, as he told it last.</summary>
public sealed record DailyReport
{
    public static readonly DailyReport None = new();

    /// <summary>As it was told first; null while it was not.</summary>
    public DailyReportSubmitted? Submitted { get; private init; }

    /// <summary>As it stands; null while it was not told.</summary>
    public DailyReportAmended? Latest { get; private init; }

    /// <summary>It was not there when it was due.</summary>
    public bool IsMissed { get; private init; }

    public int Amendments { get; private init; }

    public static DailyReport Evolve(DailyReport state, IDailyReportEvent @event) => @event switch
    {
        DailyReportSubmitted e => state with
        {
            Submitted = e,
            Latest = state.Amendments > 0 ? state.Latest : new(e.Position, e.Counts, e.Ticks, e.Photos, e.Remark)
        },
        DailyReportAmended e => state with { Latest = e, Amendments = state.Amendments + 1 },
        DailyReportMissed => state with { IsMissed = true },
        _ => state
    };
}
