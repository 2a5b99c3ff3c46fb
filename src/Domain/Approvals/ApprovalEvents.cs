using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Domain.Approvals;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IApprovalEvent;

/// <summary>Somebody wants something approved. The rules are pinned: what is published later does not touch it.</summary>
/// <param name="Flow">Its key, as the playbook had it.</param>
/// <param name="Name">What people called it then.</param>
/// <param name="Playbook">The version that it is of.</param>
/// <param name="Subject">The record that it is about.</param>
/// <param name="Facts">On which it is asked, and by which it was seen which steps apply.</param>
/// <param name="Steps">Those that apply, in order.</param>
/// <param name="By">The member who asks.</param>
/// <param name="AllowOwn">Whether he may decide himself.</param>
/// <param name="Rep">Whose the record was.</param>
/// <param name="Team">Whose team's it was.</param>
public sealed record ApprovalRequested(
    string Flow,
    string Name,
    long Playbook,
    About Subject,
    ApprovalFacts Facts,
    IReadOnlyList<ApprovalStepSection> Steps,
    string By,
    string Reason,
    string? Purpose = null,
    bool AllowOwn = false,
    string? Rep = null,
    string? Team = null) : IApprovalEvent;

/// <summary>It is at a step now.</summary>
/// <param name="Approvers">The members who are asked.</param>
/// <param name="Needed">How many of them have to grant.</param>
/// <param name="DueAt">By when; null where they have as long as they like.</param>
public sealed record ApprovalStepReached(string Step, IReadOnlyList<string> Approvers, int Needed, DateTimeOffset? DueAt = null)
    : IApprovalEvent;

/// <summary>One who was asked grants.</summary>
/// <param name="Member">Who was asked.</param>
/// <param name="By">Who decided: he, or who stands in for him.</param>
public sealed record ApprovalGiven(string Step, string Member, string By, string? Reason = null) : IApprovalEvent;

/// <summary>One who was asked refuses.</summary>
/// <inheritdoc cref="ApprovalGiven"/>
public sealed record ApprovalDeclined(string Step, string Member, string By, string? Reason = null) : IApprovalEvent;

/// <summary>Another is asked instead.</summary>
/// <param name="From">Who was asked before.</param>
/// <param name="By">Who handed it on; null where he left, and it went by itself.</param>
public sealed record ApprovalTransferred(string Step, string From, string To, string? By = null, string? Reason = null) : IApprovalEvent;

/// <summary>Another stands in for one who is asked, since that one is away.</summary>
public sealed record ApprovalDelegated(string Step, string Member, string To) : IApprovalEvent;

/// <summary>Nobody decided in time, and those who have not are reminded.</summary>
/// <param name="DueAt">When they are again.</param>
public sealed record ApprovalReminded(string Step, DateTimeOffset? DueAt = null) : IApprovalEvent;

/// <summary>Nobody decided in time, and it goes to others.</summary>
public sealed record ApprovalEscalated(string Step, IReadOnlyList<ApprovalMove> Moves, DateTimeOffset? DueAt = null) : IApprovalEvent;

/// <summary>From whom to whom.</summary>
public sealed record ApprovalMove(string From, string To);

/// <summary>Nobody decided in time, and the step is over.</summary>
/// <param name="Then">What the rules make of that.</param>
public sealed record ApprovalTimedOut(string Step, ApprovalTimeout Then) : IApprovalEvent;

/// <summary>All steps are done: it is approved.</summary>
public sealed record ApprovalGranted : IApprovalEvent;

/// <summary>It is not approved.</summary>
/// <param name="Step">At which.</param>
public sealed record ApprovalRefused(string Step) : IApprovalEvent;

/// <summary>Whoever asked does not ask any more.</summary>
public sealed record ApprovalWithdrawn(string? Reason = null) : IApprovalEvent;
