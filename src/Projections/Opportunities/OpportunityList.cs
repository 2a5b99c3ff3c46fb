using Crm.Domain;
using Crm.Domain.CustomFields;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Projections.Opportunities;

/// <summary>Every opportunity as it stands, and as it stood at any moment.</summary>
public sealed class OpportunityList : ReadModel<OpportunityList.Row>
{
    /// <param name="OpenedAt">Null while there are only facts dated before the opening; such a row is not listed.</param>
    /// <param name="StageSince">When the stage that it is in was entered.</param>
    /// <param name="Custom">What is known by the fields of its playbook.</param>
    /// <param name="Flag"><c>test</c> or <c>junk</c>; null while it is business.</param>
    /// <param name="HeldAmount">What it is to be worth, in its currency, when that is granted; null where no change waits.</param>
    /// <param name="HeldBy">The approval that this waits for.</param>
    /// <param name="Marks">The keys of the limits that it is over, <c>evidence-gone</c> where evidence is: those that mark it red.</param>
    /// <param name="MarkedSince">Since when the first of them has been there.</param>
    /// <param name="JudgedBy">The version of the playbook whose limits hold in its stage.</param>
    /// <param name="JudgedSince">From when a stay in its stage is counted.</param>
    /// <param name="SilentSince">When it was last touched or changed there.</param>
    /// <param name="Overruns">All marks, red or not: what it is of, since when, whether it is red, and the key.</param>
    /// <param name="SignedAt">When it was won; null while it is not.</param>
    /// <param name="PaidAt">When what was won was paid; null while it is not.</param>
    /// <param name="DeliveredAt">When what was won was delivered; null while it is not.</param>
    /// <param name="IdleSince">Of an open one: when it was opened, came to its stage or was touched, whichever was last.</param>
    public sealed record Row(
        Guid OpportunityId, string Status, DateTimeOffset? OpenedAt, string? Name, string? Type, string? Pipeline, string? Stage,
        DateTimeOffset? StageSince, decimal? Amount, string? Currency, DateOnly? ExpectedClose, Guid? CustomerId, Guid? LeadId,
        string? Rep, string? Team, string? Region, string? Product, string? Source, string? Competitor, IReadOnlyList<string> Tags,
        string? ExternalId, DateTimeOffset? ClosedAt, string? LossReason, string? Reference, int Touches, DateTimeOffset? LastTouchAt,
        string? Flag, decimal? HeldAmount, Guid? HeldBy, IReadOnlyDictionary<string, string>? Custom, IReadOnlyList<string> Marks,
        DateTimeOffset? MarkedSince, long? JudgedBy, DateTimeOffset? JudgedSince, DateTimeOffset? SilentSince,
        IReadOnlyList<string> Overruns,
        DateTimeOffset? SignedAt, DateTimeOffset? PaidAt, string? PaymentReference, DateTimeOffset? DeliveredAt, string? DeliveryReference,
        DateTimeOffset? IdleSince)
    {
        public static Row New(Guid id) => new(
            id, OpportunityStatus.Open, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, null, [], null, null, null, null, 0, null, null, null, null, null, [],
            null, null, null, null, [], null, null, null, null, null, null);
    }

    /// <summary>Members by which the row is made, and nobody asks.</summary>
    public static readonly IReadOnlyList<string> Unasked = [nameof(Row.JudgedSince), nameof(Row.SilentSince), nameof(Row.Overruns)];

    public override string Name => "opportunity_list";

    public override int Version => 4;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IOpportunityEvent);

    /// <summary>Those of a customer, and those that lie still.</summary>
    public override IReadOnlyList<string> Indexes => ["customer_id", "idle_since"];

    /// <inheritdoc cref="Indexes"/>
    public override IReadOnlyList<string> HistoryIndexes => ["customer_id, opportunity_id"];

    public override Row? Fold(Row? row, Recorded e)
    {
        if (Told(row, e) is not { } told)
        {
            return null;
        }

        var deal = e.Data is IOpportunityEvent fact ? StageMarks.After(row, told, fact, e.OccurredAt) : told;
        var since = Idle(deal);
        return since == deal.IdleSince ? deal : deal with { IdleSince = since };
    }

    private static DateTimeOffset? Idle(Row deal) => deal is { Status: OpportunityStatus.Open, OpenedAt: { } opened }
        ? new[] { opened, deal.StageSince ?? opened, deal.LastTouchAt ?? opened }.Max() : null;

    private static Row? Told(Row? row, Recorded e)
    {
        var deal = row ?? Row.New(e.StreamId);
        return e.Data switch
        {
            OpportunityOpened x => Opened(deal, x, e.OccurredAt),
            OpportunityChanged x => Changed(deal, x),
            OpportunityAssigned x => deal with { Rep = x.Rep ?? deal.Rep, Team = x.Team ?? deal.Team, Region = x.Region ?? deal.Region },
            OpportunityStageEntered x => Entered(deal, x.Stage, e.OccurredAt),
            OpportunityAmountChanged x => deal with { Amount = x.Amount.Amount },
            OpportunityAmountHeld x => deal with { HeldAmount = x.Amount.Amount, HeldBy = x.ApprovalId },
            OpportunityApprovalSettled x when x.ApprovalId == deal.HeldBy => deal with { HeldAmount = null, HeldBy = null },
            OpportunityCloseDateChanged x => deal with { ExpectedClose = x.ExpectedClose },
            OpportunityTouched => deal with { Touches = deal.Touches + 1, LastTouchAt = e.OccurredAt },
            OpportunityWon x => Undecided(deal) with
            {
                Status = OpportunityStatus.Won,
                ClosedAt = e.OccurredAt,
                SignedAt = e.OccurredAt,
                Amount = x.Amount.Amount,
                Reference = x.Reference
            },
            OpportunityPaid x when deal.Status == OpportunityStatus.Won => deal with
            {
                PaidAt = e.OccurredAt,
                PaymentReference = x.Reference
            },
            OpportunityDelivered x when deal.Status == OpportunityStatus.Won => deal with
            {
                DeliveredAt = e.OccurredAt,
                DeliveryReference = x.Reference
            },
            OpportunityLost x => Undecided(deal) with
            {
                Status = OpportunityStatus.Lost,
                ClosedAt = e.OccurredAt,
                LossReason = x.Reason,
                Competitor = x.Competitor ?? deal.Competitor
            },
            OpportunityFlagged x => deal with { Flag = RecordFlags.Word(x.Flag) },
            OpportunityFlagWithdrawn => deal with { Flag = null },
            OpportunityReopened x => Undecided(Entered(deal, x.Stage ?? deal.Stage, e.OccurredAt)),
            _ => row
        };
    }

    // How it was opened is the ground that other facts lie upon, even those dated before it.
    private static Row Opened(Row deal, OpportunityOpened x, DateTimeOffset at) => deal with
    {
        OpenedAt = at,
        Name = deal.Name ?? x.Name,
        Type = deal.Type ?? TypeOf(x.Type),
        Pipeline = x.Pipeline,
        Stage = deal.Stage ?? x.Stage,
        StageSince = deal.StageSince ?? at,
        Amount = deal.Amount ?? x.Amount.Amount,
        Currency = x.Amount.Currency,
        ExpectedClose = deal.ExpectedClose ?? x.ExpectedClose,
        CustomerId = deal.CustomerId ?? x.CustomerId,
        LeadId = x.LeadId,
        Rep = deal.Rep ?? x.Rep,
        Team = deal.Team ?? x.Team,
        Region = deal.Region ?? x.Region,
        Product = deal.Product ?? x.Product,
        Source = deal.Source ?? x.Source,
        Competitor = deal.Competitor ?? x.Competitor,
        Tags = deal.Tags.Count > 0 ? deal.Tags : x.Tags,
        ExternalId = deal.ExternalId ?? x.ExternalId,
        Custom = CustomValues.After(null, CustomValues.Of(deal.Custom), x.Custom)?.ByKey
    };

    // Before the opening there is nothing yet to clear.
    private static Row Changed(Row deal, OpportunityChanged x) => deal with
    {
        Name = x.Name ?? deal.Name,
        Type = x.Type is { } type ? TypeOf(type) : deal.Type,
        CustomerId = Change.Of(x.Cleared, "customerId", x.CustomerId, deal.CustomerId),
        Source = Change.Of(x.Cleared, "source", x.Source, deal.Source),
        Product = Change.Of(x.Cleared, "product", x.Product, deal.Product),
        Competitor = Change.Of(x.Cleared, "competitor", x.Competitor, deal.Competitor),
        Tags = Change.Of(x.Cleared, "tags", x.Tags, deal.Tags) ?? [],
        ExternalId = Change.Of(x.Cleared, "externalId", x.ExternalId, deal.ExternalId),
        Custom = CustomValues.After(x.Cleared, x.Custom, CustomValues.Of(deal.Custom))?.ByKey
    };

    // What was paid and delivered of one that is won no more says nothing of when it is won again.
    private static Row Undecided(Row deal) => deal with
    {
        Status = OpportunityStatus.Open,
        ClosedAt = null,
        LossReason = null,
        Reference = null,
        SignedAt = null,
        PaidAt = null,
        PaymentReference = null,
        DeliveredAt = null,
        DeliveryReference = null
    };

    private static string TypeOf(OpportunityType type) => type.ToString().ToLowerInvariant();

    private static Row Entered(Row deal, string? stage, DateTimeOffset at) =>
        stage == deal.Stage ? deal : deal with { Stage = stage, StageSince = at };
}
