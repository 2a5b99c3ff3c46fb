namespace Crm.Domain.DailyReports;

public interface IDailyReportCommand;

/// <param name="Said">How it is told the first time; told again, what he may say anew is taken from it.</param>
/// <param name="VisitPhotos">SHA-256 of the photos of his visits: they count among those that are asked for.</param>
/// <param name="PhotosAtLeast">By the playbook.</param>
/// <param name="Today">Of the day that has not come nothing can be told.</param>
public sealed record SubmitDailyReport(
    DailyReportSubmitted Said, IReadOnlyList<string> VisitPhotos, int PhotosAtLeast, DateOnly Today) : IDailyReportCommand;

/// <summary>It is due. Who is to hear of it follows from whose it is.</summary>
public sealed record MissDailyReport(DailyReportMissed Missed) : IDailyReportCommand;

public static class DailyReportDecider
{
    public static readonly Decider<DailyReport, IDailyReportCommand, IDailyReportEvent> Instance =
        new("daily-report", DailyReport.None, Decide, DailyReport.Evolve);

    public static IReadOnlyList<IDailyReportEvent> Decide(DailyReport state, IDailyReportCommand command) => (state, command) switch
    {
        (_, SubmitDailyReport c) when c.Said.Day > c.Today => throw Rejection.BrokenRule(
            "daily-report.day-ahead", $"It is {c.Today:yyyy-MM-dd}; what has not happened yet cannot be reported.", "day"),
        (_, SubmitDailyReport c) when Photos(c) < c.PhotosAtLeast => throw Rejection.BrokenRule(
            "daily-report.photos-missing",
            $"The playbook asks for {c.PhotosAtLeast} photos at least, those of visits among them; there are {Photos(c)}.", "photos"),

        ({ Latest: { } latest }, SubmitDailyReport c) when Says(latest, c.Said) => [],                 // said twice: nothing happens
        ({ Submitted: not null }, SubmitDailyReport { Said: var said }) =>
            [new DailyReportAmended(said.Position, said.Counts, said.Ticks, said.Photos, said.Remark)],
        (_, SubmitDailyReport c) => [c.Said],

        ({ Submitted: null, IsMissed: false }, MissDailyReport c) => [c.Missed],
        _ => []
    };

    private static int Photos(SubmitDailyReport c) => c.VisitPhotos.Union(c.Said.Photos ?? []).Count();

    // By which position it was made out that there is as much as before says nothing new.
    private static bool Says(DailyReportAmended latest, DailyReportSubmitted said) => latest.Counts == said.Counts
        && latest.Remark == said.Remark && Same(latest.Ticks, said.Ticks) && Same(latest.Photos, said.Photos);

    private static bool Same(IReadOnlyList<string>? one, IReadOnlyList<string>? other) =>
        (one ?? []).ToHashSet().SetEquals(other ?? []);
}
