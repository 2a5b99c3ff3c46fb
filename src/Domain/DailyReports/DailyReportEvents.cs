namespace Crm.Domain.DailyReports;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IDailyReportEvent;

/// <summary>Somebody has told what his day was: what the log held of it, with what he ticked off, photos, and perhaps a remark.</summary>
/// <param name="Member">Whose day it was.</param>
/// <param name="Rep">What records call him.</param>
/// <param name="Day">In the tenant's zone.</param>
/// <param name="Position">What the log held up to there is what was shown to him.</param>
/// <param name="Counts">How much that was.</param>
/// <param name="DueAt">By when it was to be there; null where nothing said so.</param>
/// <param name="Ticks">Keys of what he ticked off, of the playbook; null for none.</param>
/// <param name="Photos">SHA-256 of photos beside those of his visits, in lower-case hex; null for none.</param>
public sealed record DailyReportSubmitted(
    string Member, string Rep, DateOnly Day, long Position, DailyCounts Counts, string? Team = null, DateTimeOffset? DueAt = null,
    IReadOnlyList<string>? Ticks = null, IReadOnlyList<string>? Photos = null, Personal? Remark = null) : IDailyReportEvent;

/// <summary>He has told it again, as a whole. What he told before stays.</summary>
public sealed record DailyReportAmended(
    long Position, DailyCounts Counts, IReadOnlyList<string>? Ticks = null, IReadOnlyList<string>? Photos = null, Personal? Remark = null)
        : IDailyReportEvent;

/// <summary>It was due, and not there.</summary>
/// <param name="Told">The members who hear of it, he himself first.</param>
public sealed record DailyReportMissed(
    string Member, string Rep, DateOnly Day, DateTimeOffset DueAt, string? Team = null, IReadOnlyList<string>? Told = null)
        : IDailyReportEvent;

/// <summary>How much the log holds of a day.</summary>
/// <param name="Touches">Visits among them.</param>
/// <param name="Visits">Those that a phone told of.</param>
/// <param name="Photos">Of those visits, each once.</param>
/// <param name="StageMoves">Deals that came to another stage, were won, lost or taken up again.</param>
/// <param name="TasksOverdue">Due by the end of that day, and open.</param>
/// <param name="TasksTomorrow">Due on the day after, and open.</param>
public sealed record DailyCounts(
    int Touches = 0, int Visits = 0, int Photos = 0, int StageMoves = 0, int NewLeads = 0, int NewOpportunities = 0, int Promises = 0,
    int HelpAsked = 0, int TasksDone = 0, int TasksOverdue = 0, int TasksTomorrow = 0);
