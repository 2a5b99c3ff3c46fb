namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>How long an opportunity may be in a stage, or lie still in it.</summary>
/// <param name="Key">By which the opportunity's history and lists name it, such as <c>quote-pending</c>.</param>
/// <param name="Name">Such as 报价待反馈.</param>
/// <param name="After">It is over the limit when more than this has gone by.</param>
/// <param name="Of">From when that is counted.</param>
/// <param name="Task">What somebody is to do then; left out, nothing.</param>
/// <param name="Alert">Who is told.</param>
/// <param name="Mark">Whether it is marked red for as long as it is over.</param>
/// <param name="EscalateAfter">When it is still over after so much more the superior of the superior is told; left out, he is not.</param>
public sealed record LimitSection(
    [Text(40)] string Key, [Text(80)] string Name, SpanSection After, LimitOf Of = LimitOf.Stay, CareTaskSection? Task = null,
    [Items(2)] IReadOnlyList<Whom>? Alert = null, bool Mark = true, SpanSection? EscalateAfter = null);

/// <summary>From when a limit is counted: since it came to the stage; or, when that is later, since it was last touched or
/// changed.</summary>
public enum LimitOf { Stay, Silence }

/// <summary>Somebody who has to do with an opportunity: whoever has it, or the rep whom he reports to.</summary>
public enum Whom { Owner, Superior }

/// <summary>A span of time: one of <c>days</c>, <c>workdays</c> and <c>hours</c>.</summary>
/// <param name="Days">24 hours each.</param>
/// <param name="Workdays">By the calendar, 24 hours each.</param>
/// <param name="Hours">In which people are at work by the calendar; without one, all that there are.</param>
/// <param name="Calendar">The key of a calendar of this document.</param>
public sealed record SpanSection(
    [Between(1, 730)] int? Days = null, [Between(1, 250)] int? Workdays = null, [Between(1, 8760)] int? Hours = null,
    [Text(40)] string? Calendar = null);

/// <summary>What somebody is to do: whom <c>for</c> names, somebody in a role, or a team; none of them: whoever has the
/// opportunity.</summary>
/// <param name="Title">Such as 跟进报价.</param>
/// <param name="Due">Counted from when the task is made.</param>
/// <param name="Kind">By which such tasks are found and counted.</param>
/// <param name="For">Left out, whoever has the opportunity.</param>
/// <param name="Role">Of those in this role whoever has the fewest open tasks.</param>
/// <param name="Team">It stands on the board of this team, until one of them takes it.</param>
public sealed record CareTaskSection(
    [Text(200)] string Title, SpanSection Due, [Text(40)] string Kind = "deal-care", Whom? For = null, [Text(60)] string? Role = null,
    [Text(80)] string? Team = null);
