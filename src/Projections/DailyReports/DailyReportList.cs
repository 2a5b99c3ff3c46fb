using Crm.Domain.DailyReports;
using Crm.EventModel;

namespace Crm.Projections.DailyReports;

/// <summary>What people told of their days: when, whether late, how much there was, and of which days nothing was told.</summary>
public sealed class DailyReportList : ReadModel<DailyReportList.Row>
{
    /// <param name="Member">Whose day it was; null while there is nothing but what was added to it.</param>
    /// <param name="Rep">What records call him.</param>
    /// <param name="DueAt">By when it was to be there; null where nothing said so.</param>
    /// <param name="SubmittedAt">When it was told first; null while it was not.</param>
    /// <param name="IsLate">It was not there when it was due.</param>
    /// <param name="AmendedAt">When it was told last; null where that was the first time.</param>
    /// <param name="Shown">The position up to which the log was shown.</param>
    /// <param name="Touches">This and the following figures: as they were shown.</param>
    /// <param name="Ticks">Keys of what was ticked off.</param>
    /// <param name="OwnPhotos">SHA-256 of photos beside those of visits.</param>
    /// <param name="Remark">Sealed.</param>
    public sealed record Row(
        Guid ReportId, string? Member, string? Rep, string? Team, DateOnly? Day, DateTimeOffset? DueAt, DateTimeOffset? SubmittedAt,
        bool IsLate, DateTimeOffset? AmendedAt, int Amendments, long? Shown, int Touches, int Visits, int Photos, int StageMoves,
        int NewLeads, int NewOpportunities, int Promises, int HelpAsked, int TasksDone, int TasksOverdue, int TasksTomorrow,
        IReadOnlyList<string> Ticks, IReadOnlyList<string> OwnPhotos, string? Remark);

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Remark)];

    public override string Name => "daily_report_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IDailyReportEvent);

    /// <summary>Those of a day.</summary>
    public override IReadOnlyList<string> Indexes => ["day"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var report = row ?? new Row(
            e.StreamId, null, null, null, null, null, null, false, null, 0, null, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, [], [], null);
        return e.Data switch
        {
            DailyReportSubmitted x => Submitted(report, x, e.OccurredAt),
            DailyReportAmended x => Told(report, x) with { AmendedAt = e.OccurredAt, Amendments = report.Amendments + 1 },
            DailyReportMissed x => report with
            {
                Member = x.Member,
                Rep = x.Rep,
                Team = x.Team,
                Day = x.Day,
                DueAt = x.DueAt,
                IsLate = true
            },
            _ => row
        };
    }

    // What was told last stands, even where that is dated before.
    private static Row Submitted(Row row, DailyReportSubmitted x, DateTimeOffset at)
    {
        var told = row.Amendments > 0 ? row : Told(row, new(x.Position, x.Counts, x.Ticks, x.Photos, x.Remark));
        return told with
        {
            Member = x.Member,
            Rep = x.Rep,
            Team = x.Team,
            Day = x.Day,
            DueAt = x.DueAt ?? row.DueAt,
            SubmittedAt = at,
            IsLate = row.IsLate || at > x.DueAt
        };
    }

    private static Row Told(Row row, DailyReportAmended x) => row with
    {
        Shown = x.Position,
        Touches = x.Counts.Touches,
        Visits = x.Counts.Visits,
        Photos = x.Counts.Photos,
        StageMoves = x.Counts.StageMoves,
        NewLeads = x.Counts.NewLeads,
        NewOpportunities = x.Counts.NewOpportunities,
        Promises = x.Counts.Promises,
        HelpAsked = x.Counts.HelpAsked,
        TasksDone = x.Counts.TasksDone,
        TasksOverdue = x.Counts.TasksOverdue,
        TasksTomorrow = x.Counts.TasksTomorrow,
        Ticks = x.Ticks ?? [],
        OwnPhotos = x.Photos ?? [],
        Remark = x.Remark?.Sealed
    };
}
