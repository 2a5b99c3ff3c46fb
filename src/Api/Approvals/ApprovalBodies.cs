using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Approvals;
using Crm.Projections;
using Crm.Projections.Approvals;

namespace Crm.Api.Approvals;

/// <param name="Flow">Its key in the playbook that is in force.</param>
/// <param name="Reason">Why; those who decide read it.</param>
/// <param name="Purpose">What it is asked for, such as <c>15 percent off</c>.</param>
/// <param name="Facts">On which it is asked, beside what the record says.</param>
public sealed record RequestApprovalRequest(
    [Text(40)] string Flow, [Text(1000)] string Reason, [Text(200)] string? Purpose = null, ApprovalFactsRequest? Facts = null);

/// <param name="Amount">What it is to be worth; left out, what it is worth.</param>
/// <param name="Percent">The discount; left out, by how much the amount would change.</param>
public sealed record ApprovalFactsRequest(Money? Amount = null, decimal? Percent = null);

public enum ApprovalDecision { Grant, Refuse }

/// <param name="Step">The key of the step that is meant; left out, the one that it is at.</param>
public sealed record DecideApprovalRequest(ApprovalDecision Decision, [Text(1000)] string? Reason = null, [Text(40)] string? Step = null);

/// <param name="To">The member who is to decide instead, by id.</param>
/// <param name="Step">The key of the step that is meant; left out, the one that it is at.</param>
public sealed record TransferApprovalRequest([Text(60)] string To, [Text(1000)] string? Reason = null, [Text(40)] string? Step = null);

public sealed record WithdrawApprovalRequest([Text(1000)] string? Reason = null);

/// <param name="To">The member who stands in, by id; left out, nobody does any more.</param>
/// <param name="From">Left out, now.</param>
/// <param name="Until">Not left out where somebody stands in.</param>
public sealed record DelegateApprovalsRequest([Text(60)] string? To = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <summary>What an approval is to who asks for the list.</summary>
public enum ApprovalMine { Waiting, Asked, Involved }

public enum ApprovalState { Pending, Granted, Refused, Withdrawn }

/// <param name="Mine"><c>waiting</c>: those that wait for you; <c>asked</c>: those that you asked for; <c>involved</c>: these, and those
/// that you were ever asked about.</param>
/// <param name="About">Only those about this record.</param>
public sealed record ApprovalQuestion(
    Times Times, ListWords Words, ApprovalMine? Mine = null, ApprovalState? State = null, [Text(40)] string? Flow = null,
    Guid? About = null)
{
    public Asked Of(string member) =>
        Asked.Of(Times, Words, ("state", State is { } state ? ChoiceShape.Spell(state.ToString()) : null), ("flow", Flow))
        .And("about", "subjectId", About?.ToString())
        .And("mine", FieldOf(Mine), Mine is null ? null : member);

    private static string FieldOf(ApprovalMine? mine) =>
        mine switch { ApprovalMine.Waiting => "waiting", ApprovalMine.Asked => "askedBy", _ => "involved" };
}

/// <param name="Total">Whether to count all that there are.</param>
public sealed record ApprovalPage(Page Page, ApprovalQuestion Question, bool? Total = null)
{
    public Asked Of(string member) => Question.Of(member) with { Page = Page, Total = Total ?? false };
}

/// <summary>An approval in a list.</summary>
/// <param name="Flow">The key of its flow.</param>
/// <param name="SubjectKind"><c>opportunity</c>.</param>
/// <param name="State"><c>pending</c>, <c>granted</c>, <c>refused</c> or <c>withdrawn</c>.</param>
/// <param name="Step">The key of the step that it is at, or was last.</param>
/// <param name="AskedBy">The member who asks.</param>
/// <param name="Rep">Whose the record was.</param>
/// <param name="Waiting">The members for whom it waits, and who stands in for them.</param>
/// <param name="Involved">Whoever asked, was ever asked, or stood in.</param>
/// <param name="DueAt">When something happens by itself.</param>
[Sparse]
public sealed record ApprovalItem(
    Guid Id, DateTimeOffset RequestedAt, string Flow, string Name, string SubjectKind, Guid SubjectId, string? Purpose, string State,
    string? Step, string AskedBy, string? Rep, string? Team, IReadOnlyList<string> Waiting, IReadOnlyList<string> Involved,
    DateTimeOffset? DueAt, DateTimeOffset? SettledAt)
{
    public static readonly RecordList<ApprovalList.Row, ApprovalItem> List = new(
        "approval", Catalog.Approvals, "requestedAt", (row, _, _, _) => Task.FromResult(Of(row)), ApprovalList.Unasked)
    { SeenBy = "involved" };

    private static ApprovalItem Of(ApprovalList.Row r) => new(
        r.ApprovalId, r.RequestedAt!.Value, r.Flow!, r.Name!, r.SubjectKind!, r.SubjectId!.Value, r.Purpose, r.State, r.Step, r.AskedBy!,
            r.Rep, r.Team,
        r.Waiting, r.Involved, r.DueAt, r.SettledAt);
}

/// <summary>An approval, step by step.</summary>
/// <param name="Playbook">The version that it goes by, whatever is published later.</param>
/// <param name="Facts">On which it is asked; null where amounts are hidden from you.</param>
/// <param name="AskedBy">The member who asks.</param>
/// <param name="State"><c>pending</c>, <c>granted</c>, <c>refused</c> or <c>withdrawn</c>.</param>
/// <param name="Step">The key of the step that it is at, or was last.</param>
/// <param name="Needed">How many have to grant there.</param>
/// <param name="DueAt">By when.</param>
/// <param name="MayDecide">Whether you may decide now.</param>
/// <param name="Steps">Those that apply, in order.</param>
public sealed record ApprovalAnswer(
    Guid Id, string Flow, string Name, long Playbook, string SubjectKind, Guid SubjectId, string? Purpose, string Reason,
        ApprovalFactsAnswer? Facts, string AskedBy,
    DateTimeOffset RequestedAt, string State, string? Step, int Needed, DateTimeOffset? DueAt, DateTimeOffset? SettledAt, bool MayDecide,
    IReadOnlyList<ApprovalStepAnswer> Steps);

/// <param name="Percent">The discount, or by how much the amount changes, of a hundred.</param>
public sealed record ApprovalFactsAnswer(Money? Amount, string? Percent, string? Pipeline, string? Stage, string? Region, string? Team,
    string? Product, string? Type);

/// <param name="Mode"><c>any</c>, <c>all</c> or <c>at-least</c>.</param>
/// <param name="State"><c>waiting</c> where it was not reached, <c>pending</c>, or <c>over</c>.</param>
/// <param name="Seats">Who is asked, or was.</param>
public sealed record ApprovalStepAnswer(string Key, string Name, string Mode, string State, DateTimeOffset? ReachedAt,
    IReadOnlyList<ApprovalSeatAnswer> Seats);

/// <param name="Member">Who is asked.</param>
/// <param name="StandsIn">Who stands in for him.</param>
/// <param name="Decision"><c>grant</c> or <c>refuse</c>; null while there is none.</param>
/// <param name="By">Who decided: he, or who stands in for him.</param>
public sealed record ApprovalSeatAnswer(string Member, string? StandsIn, string? Decision, string? By, DateTimeOffset? At, string? Reason);
