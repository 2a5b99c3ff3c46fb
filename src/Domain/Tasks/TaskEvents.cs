namespace Crm.Domain.Tasks;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ITaskEvent;

/// <summary>What kind of record something is about.</summary>
public enum AboutKind { Lead, Customer, Opportunity, Contact, Order, Campaign, Forecast }

/// <summary>The record that something is about.</summary>
public sealed record About(AboutKind Kind, Guid Id);

/// <summary>What opens a task where no person does.</summary>
/// <param name="Automation">Its key, such as <c>plan-follow-up</c>.</param>
/// <param name="EventId">The fact that it took for its cause.</param>
public sealed record TaskCause(string Automation, Guid EventId);

/// <param name="Kind">A key such as <c>first-call</c>, by which alike tasks are found and counted.</param>
/// <param name="Rep">Who is to do it; null for nobody yet.</param>
/// <param name="Team">Whose board it stands on.</param>
/// <param name="Cause">Null where a person opened it.</param>
public sealed record TaskOpened(
    string Title,
    string Kind,
    DateTimeOffset DueAt,
    About? About = null,
    string? Rep = null,
    string? Team = null,
    Personal? Text = null,
    TaskCause? Cause = null) : ITaskEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Title];
}

/// <param name="Rep">Null where it goes back to its team, and is nobody's yet.</param>
/// <param name="Team">Null where the team stays as it is.</param>
public sealed record TaskReassigned(string? Rep = null, string? Team = null, string? Reason = null) : ITaskEvent;

public sealed record TaskRescheduled(DateTimeOffset DueAt, string? Reason = null) : ITaskEvent;
public sealed record TaskDone(Personal? Note = null) : ITaskEvent;
public sealed record TaskReopened(string Reason) : ITaskEvent;
public sealed record TaskCancelled(string Reason) : ITaskEvent;
