using Crm.Domain.Conditions;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>What has to be approved before it happens: steps one after another, of which those apply whose condition holds.</summary>
/// <param name="Key">By which it is asked for, such as <c>discount</c>.</param>
/// <param name="Name">Such as 折扣审批.</param>
/// <param name="Steps">In order. Where none applies nobody has to be asked, and it is granted at once.</param>
/// <param name="AllowOwn">Whether whoever asks may decide himself.</param>
public sealed record ApprovalFlowSection(
    [Text(40)] string Key, [Text(80)] string Name, [Items(20)] IReadOnlyList<ApprovalStepSection> Steps, bool AllowOwn = false);

/// <summary>How many of those who are asked have to grant.</summary>
public enum ApprovalMode
{
    /// <summary>The first who decides decides for all.</summary>
    Any,

    /// <summary>Every one; the first who refuses ends it.</summary>
    All,

    /// <summary>So many of them; it ends when so many cannot be reached any more.</summary>
    AtLeast
}

/// <summary>What happens when nobody decided in time.</summary>
public enum ApprovalTimeout { Remind, Escalate, Grant, Refuse }

/// <summary>People who are asked at once.</summary>
/// <param name="Key">By which the approval's history names it.</param>
/// <param name="Name">Such as 总监会签.</param>
/// <param name="Approvers">Who is asked.</param>
/// <param name="When">Left out, it always applies.</param>
/// <param name="AtLeast">Of the mode <c>at-least</c>: how many.</param>
/// <param name="DueMinutes">How long they have; left out, as long as they like.</param>
/// <param name="Calendar">In whose hours that is counted; left out, in all time there is.</param>
/// <param name="OnTimeout">What happens then, and again each time that so much has gone by.</param>
/// <param name="EscalateTo">To whom it goes then; left out, to the superior of each who has not decided.</param>
public sealed record ApprovalStepSection(
    [Text(40)] string Key, [Text(80)] string Name, ApproversSection Approvers, UnreadCondition? When = null,
        ApprovalMode Mode = ApprovalMode.Any,
    [Between(1, 100)] int? AtLeast = null, [Between(1, 525_600)] int? DueMinutes = null, [Text(40)] string? Calendar = null,
    ApprovalTimeout OnTimeout = ApprovalTimeout.Remind, EscalationSection? EscalateTo = null);

/// <summary>Those who are asked: all that are named here together.</summary>
/// <param name="Members">By id.</param>
/// <param name="Roles">Everybody in these roles.</param>
/// <param name="Superior">The superior of whoever asks.</param>
public sealed record ApproversSection(
    [Items(100)] IReadOnlyList<string>? Members = null, [Items(20)] IReadOnlyList<string>? Roles = null, bool Superior = false);

/// <summary>To whom an approval goes that nobody decided in time: it has one of both.</summary>
/// <param name="Member">By id; he has it instead of those who did not decide.</param>
/// <param name="Step">A later step of the same flow; what lies between is passed over.</param>
public sealed record EscalationSection([Text(60)] string? Member = null, [Text(40)] string? Step = null);
