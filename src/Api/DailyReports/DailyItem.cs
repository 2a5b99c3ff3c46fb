using Crm.Domain.DailyReports;

namespace Crm.Api.DailyReports;

/// <summary>What a daily report is made of, in its order.</summary>
public enum DailyPart
{
    Touches, Visits, StageMoves, NewLeads, NewOpportunities, Promises, HelpAsked, TasksDone, TasksOverdue, TasksTomorrow
}

/// <summary>One thing that the log holds of somebody's day.</summary>
/// <param name="Id">The event that tells of it; of a visit the touch, of tasks that are open the task.</param>
/// <param name="RecordId">What it was done on.</param>
/// <param name="What">The kind of a touch or visit, or what became of a deal.</param>
/// <param name="Photos">Of a visit: SHA-256 of each.</param>
internal sealed record DailyItem(
    DailyPart Part, Guid Id, DateTimeOffset At, string Record, Guid RecordId, string? What, IReadOnlyList<string> Photos)
{
    /// <summary>By which it is the same later.</summary>
    public (DailyPart, Guid) Key => (Part, Id);
}

/// <summary>A record as it was called at the end of that day.</summary>
internal sealed record DailyRecord(string? Name, Guid? CustomerId, string? Rep, string? Team);

/// <summary>What the log holds of somebody's day, as known at a position.</summary>
internal sealed record DailyContents(IReadOnlyList<DailyItem> Items, IReadOnlyDictionary<(string Record, Guid Id), DailyRecord> Records)
{
    // Of what is to be done nobody tells later that it came of late.
    private static readonly DailyPart[] Standing = [DailyPart.TasksOverdue, DailyPart.TasksTomorrow];

    public IReadOnlyList<string> Photos => [.. Items.SelectMany(item => item.Photos).Distinct()];

    public DailyCounts Counts => new(
        Of(DailyPart.Touches), Of(DailyPart.Visits), Photos.Count, Of(DailyPart.StageMoves), Of(DailyPart.NewLeads),
        Of(DailyPart.NewOpportunities), Of(DailyPart.Promises), Of(DailyPart.HelpAsked), Of(DailyPart.TasksDone),
        Of(DailyPart.TasksOverdue), Of(DailyPart.TasksTomorrow));

    /// <summary>What was told of the day since.</summary>
    public DailyContents Beyond(DailyContents shown)
    {
        var known = shown.Items.Select(item => item.Key).ToHashSet();
        return this with { Items = [.. Items.Where(item => !Standing.Contains(item.Part) && !known.Contains(item.Key))] };
    }

    private int Of(DailyPart part) => Items.Count(item => item.Part == part);
}
