using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.

/// <summary>What a mark is for: that it stays too long in its stage, that it lies still there, or that evidence is gone.</summary>
public enum MarkOf { Stay, Silence, Evidence }

/// <summary>What served for a gate that it passed, and is not there any more.</summary>
/// <param name="Stage">Whose gate it is.</param>
/// <param name="Key">As the gate names it.</param>
public sealed record GoneEvidence(string Stage, Gate Gate, string Key, string Name);

/// <summary>
/// An opportunity is over a limit of its stage, or evidence of a gate that it passed is gone. The mark holds as long as it is in that
/// stage and nothing has moved what it was counted from; whatever does, later or found out later, ends it by itself.
/// </summary>
/// <param name="Limit">The key of the limit; <c>evidence-gone</c> where evidence is.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Stage">The stage that it is in.</param>
/// <param name="Since">What it is counted from: when it came to its stage, or when it was last touched or changed; of evidence, when it was
/// missed.</param>
/// <param name="Due">Up to when it was within the limit.</param>
/// <param name="Playbook">The version whose limit it is; null of evidence where its stage asks for nothing.</param>
/// <param name="EscalateAt">Up to when it is not told further up; null where it never is.</param>
/// <param name="IsRed">False where the limit marks nothing, and only tells.</param>
/// <param name="TaskId">The task that came with it.</param>
/// <param name="Gone">Of evidence: all that is gone.</param>
/// <param name="Missing">Of a stay: the keys of what was to be done before it goes on from the stage, and was not done when the limit was
/// over; null where all was.</param>
/// <param name="Done">Of a stay: the keys of what was done by then; what an approval stands in for is neither done nor missing.</param>
public sealed record OpportunityMarked(
    string Limit, string Name, MarkOf Of, string Stage, DateTimeOffset Since, DateTimeOffset Due, long? Playbook = null,
    DateTimeOffset? EscalateAt = null, bool IsRed = true, Guid? TaskId = null, IReadOnlyList<GoneEvidence>? Gone = null,
    IReadOnlyList<string>? Missing = null, IReadOnlyList<string>? Done = null) : IOpportunityEvent;

/// <summary>It is still over a limit when those further up are to be told.</summary>
/// <param name="Due">When that was.</param>
/// <param name="Told">Who was, as opportunities call him; null where nobody is above.</param>
public sealed record OpportunityMarkEscalated(string Limit, DateTimeOffset Due, string? Told = null) : IOpportunityEvent;

/// <summary>Why a mark is there no more.</summary>
public enum MarkCleared { Moved, Touched, Closed, Flagged, Corrected, EvidenceBack }

/// <summary>A mark is there no more. It ended when that happened for which it ended; this says so.</summary>
public sealed record OpportunityMarkCleared(string Limit, MarkCleared Why) : IOpportunityEvent;
