namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IPlaybookEvent;

/// <summary>A pipeline by itself, as files bring them.</summary>
public sealed record PipelineDefined(string Key, string Name, IReadOnlyList<string> Stages) : IPlaybookEvent;

/// <summary>What is being worked on; nothing goes by it yet.</summary>
public sealed record PlaybookDraftSaved(PlaybookDocument Document) : IPlaybookEvent;

public sealed record PlaybookDraftDiscarded : IPlaybookEvent;

/// <summary>From a moment on everything goes by this document.</summary>
/// <param name="Number">Its version; each decision that goes by it names it.</param>
/// <param name="RollsBackTo">The version whose document it is again; null where it was a draft.</param>
public sealed record PlaybookPublished(long Number, DateTimeOffset From, PlaybookDocument Document, string? Note = null, long? RollsBackTo = null) : IPlaybookEvent;

// Stored forever as text under these names: add, never rename.

/// <summary>Whether a program acts by itself, only says what it would do, or does nothing.</summary>
public enum AutomationMode { On, DryRun, Off }

/// <summary>From now on a program acts so.</summary>
/// <param name="Automation">Its key, such as <c>look-after-leads</c>.</param>
public sealed record AutomationSwitched(string Automation, AutomationMode Mode, string? Reason = null) : IPlaybookEvent;

/// <summary>A version that was to come into force will not.</summary>
public sealed record PlaybookWithdrawn(long Number) : IPlaybookEvent;
