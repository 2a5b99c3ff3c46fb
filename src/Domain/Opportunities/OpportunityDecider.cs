using Crm.Domain.Activities;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

public interface IOpportunityCommand;

/// <summary>No stage: the first of the pipeline.</summary>
/// <param name="Custom">By the fields of the playbook in force, in their normal form.</param>
public sealed record OpenOpportunity(
    string Name,
    OpportunityType Type,
    Money Amount,
    string Pipeline,
    Playbook Playbook,
    string? Stage = null,
    string? Source = null,
    Guid? CustomerId = null,
    Guid? LeadId = null,
    string? Rep = null,
    string? Team = null,
    string? Region = null,
    string? Product = null,
    DateOnly? ExpectedClose = null,
    string? Competitor = null,
    IReadOnlyList<string>? Tags = null,
    string? ExternalId = null,
    CustomValues? Custom = null) : IOpportunityCommand;

/// <summary>What is null stays as it is; what is named in <paramref name="Cleared"/> is not known any more.</summary>
/// <param name="Cleared">Of the fields of the playbook as <c>custom.seats</c>, or <c>custom</c> for all of them.</param>
/// <param name="Custom">Those of these fields that are given, in their normal form.</param>
/// <param name="ApprovalId">As in <see cref="ChangeOpportunityAmount"/>.</param>
public sealed record ChangeOpportunity(
    Playbook Playbook,
    string? Name = null,
    OpportunityType? Type = null,
    Money? Amount = null,
    DateOnly? ExpectedClose = null,
    Guid? CustomerId = null,
    string? Source = null,
    string? Product = null,
    string? Competitor = null,
    IReadOnlyList<string>? Tags = null,
    string? ExternalId = null,
    IReadOnlyList<string>? Cleared = null,
    CustomValues? Custom = null,
    Guid ApprovalId = default) : IOpportunityCommand;

/// <summary>What is left out stays as it is.</summary>
public sealed record AssignOpportunity(string? Rep = null, string? Team = null, string? Region = null) : IOpportunityCommand;

/// <param name="ApprovalId">Of the approval that is asked for where the change is too large.</param>
public sealed record ChangeOpportunityAmount(Money Amount, Playbook Playbook, Guid ApprovalId = default) : IOpportunityCommand;

public sealed record ChangeOpportunityCloseDate(DateOnly ExpectedClose) : IOpportunityCommand;
public sealed record EnterOpportunityStage(string Stage, Playbook Playbook) : IOpportunityCommand;

public sealed record TouchOpportunity(
    Guid TouchId,
    TouchKind Kind,
    Direction Direction,
    string? Channel = null,
    string? Outcome = null,
    int? DurationSeconds = null,
    Personal? Summary = null,
    Visit? Visit = null,
    Personal? Place = null,
    IReadOnlyList<string>? Topics = null) : IOpportunityCommand, IMayPredate;

public sealed record NoteOpportunity(Guid NoteId, Personal Text) : IOpportunityCommand, IMayPredate;
public sealed record AddOpportunityAttachment(AttachedFile File) : IOpportunityCommand, IMayPredate;
public sealed record RemoveOpportunityAttachment(Guid AttachmentId, string? Reason = null) : IOpportunityCommand;

/// <summary>No amount: signed at the amount it has.</summary>
/// <inheritdoc cref="ConfirmOpportunity"/>
public sealed record WinOpportunity(Playbook Playbook, Money? Amount = null, string? Reference = null, bool IsBlind = false)
    : IOpportunityCommand;

public sealed record LoseOpportunity(string Reason, Playbook Playbook, Personal? Comment = null, string? Competitor = null) : IOpportunityCommand;

/// <summary>No stage: it goes on where it was.</summary>
public sealed record ReopenOpportunity(Playbook Playbook, string? Reason = null, string? Stage = null) : IOpportunityCommand;

/// <summary>Somebody asks for an approval; the approval's own stream says of whom.</summary>
public sealed record AskOpportunityApproval(Guid ApprovalId, string Flow, string? Purpose = null) : IOpportunityCommand;

/// <summary>The approval came to its end.</summary>
public sealed record SettleOpportunityApproval(Guid ApprovalId, string Flow, bool Granted, string? Purpose = null) : IOpportunityCommand;

public sealed record FlagOpportunity(RecordFlag Flag, string? Reason = null) : IOpportunityCommand;
public sealed record WithdrawOpportunityFlag(string? Reason = null) : IOpportunityCommand;

/// <param name="EventId">Which event is put right.</param>
/// <param name="Fact">That event as it now stands; null when there is none of that id.</param>
public sealed record CorrectOpportunity(
    Guid EventId,
    IOpportunityEvent? Fact,
    Playbook Playbook,
    string Reason,
    bool Withdrawn = false,
    DateTimeOffset? OccurredAt = null,
    Money? Amount = null,
    string? Stage = null,
    DateOnly? ExpectedClose = null,
    string? LossReason = null,
    string? Rep = null,
    string? Team = null,
    string? Region = null,
    string? Product = null) : IOpportunityCommand;

public static class OpportunityDecider
{
    public static readonly Decider<Opportunity, IOpportunityCommand, IOpportunityEvent> Instance =
        new("opportunity", Opportunity.None, Decide, Opportunity.Evolve, Precede);

    public static IReadOnlyList<IOpportunityEvent> Decide(Opportunity state, IOpportunityCommand command) => (state, command) switch
    {
        ({ Opened: null }, OpenOpportunity c) => [Open(c)],
        ({ Opened: { } opened }, OpenOpportunity c) => Same(opened, Opened(c, c.Stage ?? opened.Stage)) ? [] : throw AlreadyOpened(),

        ({ Opened: null }, _) => throw Rejection.Unknown("opportunity.unknown", "There is no such opportunity."),

        (_, TouchOpportunity c) when state.Touches.ContainsKey(c.TouchId) => [],
        (_, TouchOpportunity c) => [Touched(c)],
        (_, NoteOpportunity c) when state.Notes.Contains(c.NoteId) => [],
        (_, NoteOpportunity c) => [new OpportunityNoted(c.NoteId, c.Text)],
        (_, AddOpportunityAttachment c) when state.Attachments.Hold(c.File) => [],
        (_, RemoveOpportunityAttachment c) when state.Attachments.Removed.Contains(c.AttachmentId) => [],
        (_, AddOpportunityAttachment c) => [OpportunityAttachmentAdded.Of(state.Attachments.Taking(c.File, state.Touches.ContainsKey))],
        (_, RemoveOpportunityAttachment c) => [new OpportunityAttachmentRemoved(state.Attachments.Holding(c.AttachmentId), c.Reason)],
        (_, FlagOpportunity c) => c.Flag == state.Flag ? [] : [new OpportunityFlagged(c.Flag, c.Reason)],
        (_, WithdrawOpportunityFlag c) => state.Flag is null ? [] : [new OpportunityFlagWithdrawn(c.Reason)],
        (_, AskOpportunityApproval c) => state.Approvals.ContainsKey(c.ApprovalId)
            ? [] : [new OpportunityApprovalAsked(c.ApprovalId, c.Flow, c.Purpose)],
        (_, SettleOpportunityApproval c) => state.Approvals.GetValueOrDefault(c.ApprovalId) is { Granted: not null }
            ? [] : AmountBreaker.Settle(state, new OpportunityApprovalSettled(c.ApprovalId, c.Flow, c.Granted, c.Purpose)),
        (_, ConfirmOpportunity c) => WonStates.Confirm(state, c),
        (_, ReviewOpportunity c) => DealReview.Decide(state, c),
        (_, CorrectOpportunity c) => OpportunityCorrection.Decide(state, c),
        (_, ChangeOpportunity c) => OpportunityChange.Decide(state, c),

        // Said twice: nothing happens.
        (_, AssignOpportunity c) when IsSo(c.Rep, state.Rep) && IsSo(c.Team, state.Team) && IsSo(c.Region, state.Region) => [],
        (_, ChangeOpportunityAmount c) when c.Amount == (state.HeldAmount?.Amount ?? state.Amount) => [],
        (_, ChangeOpportunityCloseDate c) when c.ExpectedClose == state.ExpectedClose => [],
        (_, EnterOpportunityStage c) when c.Stage == state.Stage => [],
        ({ Won: { } won }, WinOpportunity c) when IsSo(c.Amount, won.Amount)
            && (c.IsBlind ? c.Reference is null : IsSo(c.Reference, won.Reference)) => [],
        ({ Lost: { } lost }, LoseOpportunity c) when c.Reason == lost.Reason && IsSo(c.Competitor, lost.Competitor) => [],
        ({ IsClosed: false }, ReopenOpportunity c) when IsSo(c.Stage, state.Stage) => [],

        ({ IsClosed: false }, ReopenOpportunity) => throw Rejection.WrongState(
            "opportunity.open", "This opportunity is open; enter the stage instead of reopening it."),
        (_, ReopenOpportunity c) => [Reopened(state, c)],

        ({ IsClosed: true }, _) => throw Rejection.WrongState(
            "opportunity.closed",
            $"This opportunity is {(state.Won is not null ? "won" : "lost")}; reopen it, or correct the fact that is wrong."),

        (_, AssignOpportunity c) => [new OpportunityAssigned(c.Rep, c.Team, c.Region)],
        (_, ChangeOpportunityAmount c) => AmountBreaker.Change(state, c),
        (_, ChangeOpportunityCloseDate c) => [new OpportunityCloseDateChanged(c.ExpectedClose)],
        (_, EnterOpportunityStage c) => [Entered(state, c.Stage, c.Playbook)],
        (_, WinOpportunity c) => [Won(state, c)],
        (_, LoseOpportunity c) => [new OpportunityLost(OpportunityRules.LossReason(state, c.Reason, c.Playbook), c.Comment, c.Competitor)],
        _ => []
    };

    public static void Precede(Opportunity latest, IOpportunityCommand command)
    {
        switch (command)
        {
            case OpenOpportunity when latest.Opened is not null:
                throw AlreadyOpened();
            case TouchOpportunity c when latest.Touches.ContainsKey(c.TouchId):
                throw Rejection.WrongState("opportunity.touch-known", $"Touch {c.TouchId} is known, at a later time.");
            case NoteOpportunity c when latest.Notes.Contains(c.NoteId):
                throw Rejection.WrongState("opportunity.note-known", $"Note {c.NoteId} is known, at a later time.");
            case AddOpportunityAttachment c:
                latest.Attachments.MustStillTake(c.File);
                break;
            case RemoveOpportunityAttachment c:
                latest.Attachments.Holding(c.AttachmentId);
                break;
            case ChangeOpportunityAmount or ChangeOpportunity { Amount: not null }:
                AmountBreaker.MustNotWait(latest);
                break;
            case ConfirmOpportunity c:
                WonStates.MustStand(latest, c);
                break;
            case WinOpportunity or LoseOpportunity when latest.IsClosed:
            // It was closed at that time. If it no longer is, or was again, its story went on later.
            case ReopenOpportunity when !latest.IsClosed || latest.Closings > 1:
                throw Rejection.WrongState(
                    "opportunity.later-outcome", "This opportunity was won, lost or reopened at a later time; that stands.");
        }
    }

    private static OpportunityOpened Open(OpenOpportunity c)
    {
        var pipeline = OpportunityRules.Pipeline(c.Pipeline, c.Playbook);
        OpportunityRules.Amount(c.Amount, c.Amount.Currency);
        var opened = Opened(c, c.Stage is null ? pipeline.Stages[0] : OpportunityRules.Stage(pipeline.Key, c.Stage, c.Playbook));
        var state = Opportunity.Evolve(Opportunity.None, opened);
        return opened with
        {
            Playbook = StageGates.VersionFor(opened.Pipeline, opened.Stage, c.Playbook),
            Passed = StageGates.Pass(state, StageGates.Opening(state, c.Playbook), kept: [], "/stage", $"for an opportunity in {opened.Stage}")
        };
    }

    private static OpportunityStageEntered Entered(Opportunity state, string stage, Playbook playbook)
    {
        var passed = StageGates.Pass(
            state, StageGates.Ahead(state, playbook, stage), StageGates.Behind(state, playbook, stage), "/stage", $"on the way to {stage}");
        return new(stage, StageGates.VersionFor(state.Opened!.Pipeline, stage, playbook), passed);
    }

    private static OpportunityReopened Reopened(Opportunity state, ReopenOpportunity c)
    {
        if (c.Stage is null)
            return new(c.Reason);

        var entered = Entered(state, c.Stage, c.Playbook);
        return new(c.Reason, entered.Stage, entered.Playbook, entered.Passed);
    }

    // What it is won with, such as the reference, is known by then.
    private static OpportunityWon Won(Opportunity state, WinOpportunity c)
    {
        var won = new OpportunityWon(AmountBreaker.Signed(state, c), c.Reference);
        var then = Opportunity.Evolve(state, won);
        return won with { Passed = StageGates.Pass(then, StageGates.Ahead(then, c.Playbook, to: null), state.Passed, "", "to win this opportunity") };
    }

    private static OpportunityOpened Opened(OpenOpportunity c, string stage) => new(
        c.Name, c.Type, c.Amount, c.Pipeline, stage, c.Source, c.CustomerId, c.LeadId, c.Rep, c.Team, c.Region, c.Product,
        c.ExpectedClose, c.Competitor, [.. c.Tags ?? []], c.ExternalId, c.Custom);

    private static OpportunityTouched Touched(TouchOpportunity c) =>
        new(c.TouchId, c.Kind, c.Direction, c.Channel, c.Outcome, Touch.Duration(c.DurationSeconds), c.Summary, c.Visit, c.Place,
            c.Topics is { Count: > 0 } topics ? [.. topics.Distinct()] : null);

    // Lists compare by reference, so they are compared apart. Which rules it met then is no matter.
    private static bool Same(OpportunityOpened known, OpportunityOpened said) =>
        known == said with { Tags = known.Tags, Playbook = known.Playbook, Passed = known.Passed } && known.Tags.SequenceEqual(said.Tags);

    // What is left out is not in doubt.
    private static bool IsSo<T>(T? said, T? known) where T : class => said is null || said.Equals(known);

    private static Rejection AlreadyOpened() => Rejection.WrongState(
        "opportunity.opened", "This opportunity is open already, with other values or at another time.");
}
