using System.Collections.Immutable;
using Crm.Domain.Activities;

namespace Crm.Domain.Opportunities;

public enum OpportunityOutcome { Open, Won, Lost }

/// <summary>Something we may sell. How it was opened is the ground that later facts lie upon, even those dated before it.</summary>
public sealed record Opportunity : IOwned, IHasEvidence
{
    public static readonly Opportunity None = new();

    public OpportunityOpened? Opened { get; private init; }
    public OpportunityWon? Won { get; private init; }
    public OpportunityLost? Lost { get; private init; }

    /// <summary>That what was won is paid; null while it is not.</summary>
    public OpportunityPaid? Paid { get; private init; }

    /// <summary>That what was won is delivered; null while it is not.</summary>
    public OpportunityDelivered? Delivered { get; private init; }

    /// <summary>What was learned from it; null while it is not decided, or nobody has said so.</summary>
    public OpportunityReviewed? Review { get; private init; }

    /// <summary>Whether it is a test, or junk; null while it is business.</summary>
    public RecordFlag? Flag { get; private init; }

    /// <summary>How often it was won or lost, reopened since or not.</summary>
    public int Closings { get; private init; }

    /// <summary>By touch.</summary>
    public ImmutableDictionary<Guid, TouchMade> Touches { get; private init; } = ImmutableDictionary<Guid, TouchMade>.Empty;

    public ImmutableHashSet<Guid> Notes { get; private init; } = [];

    public Attachments Attachments { get; private init; } = Attachments.None;

    /// <summary>Touches, attachments and granted approvals that came since it entered its stage.</summary>
    public ImmutableHashSet<Guid> CameInStage { get; private init; } = [];

    /// <summary>The version of the playbook whose exit gate it has to pass to go on from its stage; null where that asks for nothing.</summary>
    public long? StageVersion { get; private init; }

    /// <summary>What served for the gates that lie behind it.</summary>
    public IReadOnlyList<GatePassed> Passed =>
        Won is null ? PassedInStage : [.. Won.Passed ?? [], .. Paid?.Passed ?? [], .. Delivered?.Passed ?? []];

    /// <summary>What was asked to be approved about it, by the approval's id.</summary>
    public ImmutableDictionary<Guid, OpportunityApproval> Approvals { get; private init; } =
        ImmutableDictionary<Guid, OpportunityApproval>.Empty;

    /// <summary>What each corrected event has to be read as, by event id: its corrections laid over each other.</summary>
    public ImmutableDictionary<Guid, OpportunityCorrected> Corrections { get; private init; } =
        ImmutableDictionary<Guid, OpportunityCorrected>.Empty;

    /// <summary>The opening as it would have to be said after all that was changed since; amount, close date, stage and owners aside.</summary>
    public OpportunityOpened? Details => Opened is null ? null : Changed.Over(Opened);

    /// <summary>The change of the amount that waits to be approved; null while none does.</summary>
    public OpportunityAmountHeld? HeldAmount { get; private init; }

    /// <summary>The amount that was last looked at, or else the first.</summary>
    public Money? ReviewedAmount => Reviewed ?? Opened?.Amount;

    private OpportunityChanged Changed { get; init; } = new();
    private Money? Reviewed { get; init; }
    private Money? ChangedAmount { get; init; }
    private DateOnly? ChangedClose { get; init; }
    private string? EnteredStage { get; init; }
    private IReadOnlyList<GatePassed> PassedInStage { get; init; } = [];
    private OpportunityAssigned Assigned { get; init; } = new();

    public OpportunityOutcome Outcome =>
        Won is not null ? OpportunityOutcome.Won : Lost is not null ? OpportunityOutcome.Lost : OpportunityOutcome.Open;

    public bool IsClosed => Outcome != OpportunityOutcome.Open;

    public Money? Amount => ChangedAmount ?? Opened?.Amount;
    public DateOnly? ExpectedClose => ChangedClose ?? Opened?.ExpectedClose;
    public string? Stage => EnteredStage ?? Opened?.Stage;
    public string? Rep => Assigned.Rep ?? Opened?.Rep;
    public string? Team => Assigned.Team ?? Opened?.Team;
    public string? Region => Assigned.Region ?? Opened?.Region;

    public static Opportunity Evolve(Opportunity state, IOpportunityEvent @event) => @event switch
    {
        OpportunityOpened e when state.EnteredStage is not null => state with { Opened = e },
        OpportunityOpened e => state with { Opened = e, StageVersion = e.Playbook, PassedInStage = e.Passed ?? [] },
        OpportunityChanged e => state.With(e),
        OpportunityAssigned e => state with { Assigned = Over(state.Assigned, e) },
        OpportunityAmountChanged e => state with { ChangedAmount = e.Amount, Reviewed = e.Reviewed ?? e.Amount },
        OpportunityAmountHeld e => state with { HeldAmount = e },
        OpportunityCloseDateChanged e => state with { ChangedClose = e.ExpectedClose },
        OpportunityStageEntered e => state.InStage(e.Stage, e.Playbook, e.Passed),
        OpportunityTouched e => state with
        {
            Touches = state.Touches.SetItem(e.TouchId, new(e.Kind, e.Direction, e.Outcome, Visit: e.Visit)),
            CameInStage = state.CameInStage.Add(e.TouchId)
        },
        OpportunityNoted e => state with { Notes = state.Notes.Add(e.NoteId) },
        OpportunityWon e => state.Undecided() with { Won = e, ChangedAmount = e.Amount, Closings = state.Closings + 1 },

        // What is said of a decision that does not stand, since it was taken back or came later, says nothing of the next.
        OpportunityReviewed e when state.IsClosed => state with { Review = e },
        OpportunityPaid e when state.Won is not null => state with { Paid = e },
        OpportunityDelivered e when state.Won is not null => state with { Delivered = e },
        OpportunityLost e => state.LostBy(e),
        OpportunityReopened { Stage: { } stage } e => state.Undecided().InStage(stage, e.Playbook, e.Passed),
        OpportunityReopened => state.Undecided(),
        OpportunityFlagged e => state with { Flag = e.Flag },
        OpportunityFlagWithdrawn => state with { Flag = null },
        OpportunityApprovalAsked e when state.Approvals.ContainsKey(e.ApprovalId) => state,
        OpportunityApprovalAsked e => state with { Approvals = state.Approvals.Add(e.ApprovalId, new(e.Flow, e.Purpose, Granted: null)) },
        OpportunityApprovalSettled e => state with
        {
            Approvals = state.Approvals.SetItem(e.ApprovalId, new(e.Flow, e.Purpose, e.Granted)),
            CameInStage = state.CameInStage.Add(e.ApprovalId),
            HeldAmount = state.HeldAmount?.ApprovalId == e.ApprovalId ? null : state.HeldAmount
        },
        OpportunityCorrected e => state with { Corrections = state.Corrections.SetItem(e.EventId, Corrected(state, e)) },
        IAttachmentAdded e => state with
        {
            Attachments = state.Attachments.With(e.File),
            CameInStage = state.CameInStage.Add(e.File.AttachmentId)
        },
        IAttachmentRemoved e => state with { Attachments = state.Attachments.Without(e.AttachmentId) },
        _ => state
    };

    /// <summary>Approvals about it that were granted, for any purpose, with their flows.</summary>
    public IReadOnlyDictionary<Guid, string> Granted =>
        Approvals.Where(one => one.Value.Granted == true).ToImmutableDictionary(one => one.Key, one => one.Value.Flow);

    public bool Knows(string field) => OpportunityFields.IsKnown(this, field);

    private Opportunity LostBy(OpportunityLost e) =>
        Undecided().With(new OpportunityChanged(Competitor: e.Competitor)) with { Lost = e, Closings = Closings + 1 };

    private Opportunity Undecided() => this with { Won = null, Lost = null, Paid = null, Delivered = null, Review = null };

    private Opportunity InStage(string stage, long? playbook, IReadOnlyList<GatePassed>? passed) =>
        this with { EnteredStage = stage, StageVersion = playbook, PassedInStage = passed ?? [], CameInStage = [] };

    // What was cleared before the opening, tags that were emptied too, is as the opening says.
    private Opportunity With(OpportunityChanged change)
    {
        var changed = Changed.Then(change);
        return this with { Changed = Opened is not null ? changed : changed with { Cleared = null, Tags = changed.Tags is [] ? null : changed.Tags } };
    }

    private static OpportunityAssigned Over(OpportunityAssigned earlier, OpportunityAssigned later) =>
        new(later.Rep ?? earlier.Rep, later.Team ?? earlier.Team, later.Region ?? earlier.Region);

    private static OpportunityCorrected Corrected(Opportunity state, OpportunityCorrected later) =>
        OpportunityCorrection.Over(state.Corrections.GetValueOrDefault(later.EventId), later);
}

/// <summary>An approval about an opportunity.</summary>
/// <param name="Granted">Null while it is not settled.</param>
public sealed record OpportunityApproval(string Flow, string? Purpose, bool? Granted);
