using Crm.Api.Http;
using Crm.Domain;

namespace Crm.Api.Activities;

/// <summary>By which figure a leaderboard is in order.</summary>
public enum ActivityMeasure { Touches, Calls, Visits, Mails, Messages, Meetings, Inbound, CallMinutes, Records, LeadsTaken, InTime, Missed }

/// <param name="From">At this moment or later; left out, from the beginning.</param>
/// <param name="To">Before this moment; left out, to the end.</param>
/// <param name="By">Group by these, comma-separated: rep, team, kind, record, day, week, month.</param>
/// <param name="Sort">Groups with the highest of this first; left out, in the order of what they are grouped by.</param>
/// <param name="Top">Only so many groups, the highest of <c>sort</c>, or of touches where that is left out.</param>
/// <param name="Record">Only what was done on these: <c>lead</c>, <c>opportunity</c> or <c>customer</c>.</param>
public sealed record ActivityQuestion(
    Times Times, Moment? From = null, Moment? To = null, string? By = null, ActivityMeasure? Sort = null, [Between(1, 1000)] int? Top = null,
    string? Rep = null, string? Team = null, string? Kind = null, string? Record = null) : IChecked
{
    public static readonly IReadOnlyList<string> Dimensions = ["rep", "team", "kind", "record", "day", "week", "month"];

    public IReadOnlyList<string> Groups => By?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    public IReadOnlyList<(string Column, string? Value)> Filters => [("rep", Rep), ("team", Team), ("kind", Kind), ("record", Record)];

    public IEnumerable<(string Member, string Code, string Message)> Check() => Grouping.Faults(Groups, Dimensions);
}
