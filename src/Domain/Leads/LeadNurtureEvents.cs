namespace Crm.Domain.Leads;

/// <summary>It is sent a sequence of mails. When, and by which templates, is settled with this: a change of the playbook changes nothing of
/// it.</summary>
/// <param name="Sequence">Its key in the playbook.</param>
/// <param name="Playbook">The version whose templates the mails are made of.</param>
/// <param name="Moments">At least one, in order.</param>
/// <param name="Reason">In words, where a person says so.</param>
public sealed record LeadNurtureStarted(
    string Sequence, long Playbook, IReadOnlyList<NurtureMoment> Moments, NurtureBecause Because, string? Reason = null) : ILeadEvent;

/// <param name="At">When a mail is due.</param>
/// <param name="Template">Its key in the playbook.</param>
public sealed record NurtureMoment(DateTimeOffset At, string Template);

/// <summary>A rule says so, its points are few, or a person says so.</summary>
public enum NurtureBecause { Rule, Band, Hand }

/// <summary>The next mail of its sequence is to go out.</summary>
/// <param name="Playbook">The version whose template it is made of.</param>
/// <param name="Step">Which of the sequence's mails, from 1.</param>
/// <param name="NextAt">When the one after it is due; null after the last.</param>
public sealed record LeadNurtureMailed(string Sequence, long Playbook, int Step, string Template, DateTimeOffset DueAt,
    DateTimeOffset? NextAt = null) : ILeadEvent;

/// <summary>It gets no more mails of the sequence.</summary>
public sealed record LeadNurtureEnded(string Sequence, NurtureEnd Because, string? Reason = null) : ILeadEvent;

/// <summary>
/// All were sent; the lead came to us; somebody has it; it wants no mails; it was closed, merged or flagged; a person says so; or the
/// playbook by now says nothing of nurture.
/// </summary>
public enum NurtureEnd { Completed, Interaction, Taken, Unsubscribed, Closed, Stopped, Withdrawn }

/// <summary>Whoever it is wants no mails that go out by themselves.</summary>
public sealed record LeadUnsubscribed : ILeadEvent;

/// <summary>Somebody of ours was told that whoever it is wants such mails again.</summary>
/// <param name="Reason">How we know.</param>
public sealed record LeadResubscribed(Personal Reason) : ILeadEvent;

/// <summary>By its points it is in another band than before.</summary>
/// <param name="Band"><c>high</c>, <c>middle</c> or <c>low</c>.</param>
/// <param name="From">The band that it was in; null where it was in none.</param>
/// <param name="TaskId">The task of whoever has it; null where there is none.</param>
public sealed record LeadBandEntered(string Band, decimal Points, string? From = null, Guid? TaskId = null) : ILeadEvent;
