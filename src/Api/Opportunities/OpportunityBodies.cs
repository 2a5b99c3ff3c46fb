using System.Text.Json.Serialization;
using Crm.Api.Customers;
using Crm.Api.CustomFields;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Activities;
using Crm.Domain.CustomFields;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Projections;
using Crm.Projections.Customers;
using Crm.Projections.Leads;
using Crm.Projections.Opportunities;

namespace Crm.Api.Opportunities;

/// <param name="Pipeline">Left out: <c>standard</c>.</param>
/// <param name="Stage">Left out: the first of the pipeline.</param>
/// <param name="Custom">By the fields of the playbook in force: texts, numbers, days as <c>2026-02-28</c>, true or false.</param>
public sealed record OpenOpportunityRequest(
    string Name, Money Amount, OpportunityType? Type = null, string? Pipeline = null, string? Stage = null, string? Source = null,
    Guid? CustomerId = null, string? Rep = null, string? Team = null, string? Region = null, string? Product = null, DateOnly? ExpectedClose = null,
    string? Competitor = null, [Items(20), Text(60)] IReadOnlyList<string>? Tags = null, string? ExternalId = null, DateTimeOffset? OccurredAt = null,
    CustomSaid? Custom = null);

/// <summary>What is absent stays as it is; what is null is not known any more.</summary>
/// <param name="Custom">Of the fields of the playbook those that change, member by member likewise; null for all of them.</param>
public sealed record ChangeOpportunityRequest(
    string? Name = null, OpportunityType? Type = null, Money? Amount = null, DateOnly? ExpectedClose = null, Guid? CustomerId = null, string? Source = null,
    string? Product = null, string? Competitor = null, [Items(20), Text(60)] IReadOnlyList<string>? Tags = null, string? ExternalId = null,
    DateTimeOffset? OccurredAt = null, CustomSaid? Custom = null)
{
    internal ChangeOpportunity Command(Playbook playbook, IReadOnlyList<string> cleared, CustomValues? custom, Guid approval) => new(
        playbook, Name, Type, Amount, ExpectedClose, CustomerId, Source, Product, Competitor, Tags, ExternalId,
        [.. cleared.Except(["occurredAt"])], custom, approval);
}

/// <summary>What is left out stays as it is.</summary>
public sealed record AssignOpportunityRequest(string? Rep = null, string? Team = null, string? Region = null, DateTimeOffset? OccurredAt = null);

public sealed record EnterStageRequest(string Stage, DateTimeOffset? OccurredAt = null);

/// <param name="Id">The sender's own id for it: the same touch sent twice is recorded once.</param>
/// <param name="Topics">What it was about, in words that early warnings ask for, such as <c>price</c>; nothing of a person.</param>
public sealed record OpportunityTouchRequest(
    TouchKind Kind, Direction Direction, string? Channel = null, string? Outcome = null, [Between(0, 604_800)] int? DurationSeconds = null,
    [Text(4000)] string? Summary = null, Guid? Id = null, DateTimeOffset? OccurredAt = null,
    [Items(10), Text(40)] IReadOnlyList<string>? Topics = null);

public sealed record ChangeAmountRequest(Money Amount, DateTimeOffset? OccurredAt = null);

public sealed record ChangeCloseDateRequest(DateOnly ExpectedClose, DateTimeOffset? OccurredAt = null);

/// <param name="Amount">As signed; left out, the amount stays as it is.</param>
/// <param name="Reference">The voucher: number of the contract or order.</param>
public sealed record WinRequest(Money? Amount = null, string? Reference = null, DateTimeOffset? OccurredAt = null);

/// <param name="Reference">The voucher: number of the receipt, of the bank's entry, or of the delivery note.</param>
public sealed record ConfirmRequest(string? Reference = null, DateTimeOffset? OccurredAt = null);

public sealed record LossRequest([Field("lossReason")] string Reason, [Text(4000)] string? Comment = null, string? Competitor = null, DateTimeOffset? OccurredAt = null);

public sealed record ReopenRequest(string? Reason = null, string? Stage = null, DateTimeOffset? OccurredAt = null);

/// <summary>What an earlier fact should have said. What is left out stands as it was recorded.</summary>
/// <param name="EventId">The event that is put right, as <c>/opportunities/{id}/events</c> names it.</param>
/// <param name="Withdrawn">It did not happen at all.</param>
/// <param name="OccurredAt">When it really happened.</param>
public sealed record CorrectionRequest(
    Guid EventId, string Reason, bool? Withdrawn = null, DateTimeOffset? OccurredAt = null, Money? Amount = null, string? Stage = null,
    DateOnly? ExpectedClose = null, string? LossReason = null, string? Rep = null, string? Team = null, string? Region = null, string? Product = null);

/// <param name="Total">Whether to count all that there are.</param>
/// <param name="Expand">What to give along, comma-separated: <c>customer,lead</c>.</param>
public sealed record OpportunityPage(Page Page, OpportunityQuestion Question, bool? Total = null, string? Expand = null)
{
    public Asked Asked => new Paged<OpportunityQuestion>(Page, Question, Total).Asked with { Expand = Asked.Split(Expand) ?? [] };
}

/// <param name="Marked">Whether it is marked red.</param>
/// <param name="Mark">For what it is: the key of a limit, or <c>evidence-gone</c>.</param>
/// <param name="Win">Only those that were won and have come so far: <c>signed</c>, or also <c>paid</c>, or <c>delivered</c>.</param>
public sealed record OpportunityQuestion(
    Times Times, ListWords Words, string? Q = null, OpportunityOutcome? Status = null, string? Pipeline = null, string? Stage = null,
    string? Rep = null, string? Team = null, string? Region = null, string? Product = null, string? ExternalId = null,
    RecordFlag? Flag = null, bool? Marked = null, string? Mark = null, WonState? Win = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("status", Status is { } status ? ChoiceShape.Spell(status.ToString()) : null),
        ("pipeline", Pipeline), ("stage", Stage), ("rep", Rep), ("team", Team), ("region", Region), ("product", Product),
        ("externalId", ExternalId), ("flag", Flag is { } flag ? RecordFlags.Word(flag) : null))
        .And("mark", "marks", Mark).Having("marked", "markedSince", Marked).Seeking(Q).Knowing("win", Win switch
        {
            WonState.Signed => ["signedAt"],
            WonState.Paid => ["signedAt", "paidAt"],
            WonState.Delivered => ["signedAt", "deliveredAt"],
            _ => []
        });
}

/// <param name="Flag"><c>test</c> or <c>junk</c>: it counts in no figure, whatever the day. Null while it is business.</param>
/// <param name="HeldAmount">What it is to be worth when that is granted; <c>amount</c> counts meanwhile. Null where no change waits.</param>
/// <param name="HeldBy">The approval that this waits for.</param>
/// <param name="Custom">By the fields of its playbook, each as text: numbers with a point, days as <c>2026-02-28</c>, <c>true</c> or <c>false</c>.</param>
/// <param name="Marks">Why it is marked red: the keys of the limits of its stage that it is over, and <c>evidence-gone</c> where evidence
/// of a gate is gone.</param>
/// <param name="MarkedSince">Since when the first of these marks has been there; null where there is none.</param>
/// <param name="SignedAt">When it was won; null while it is not.</param>
/// <param name="PaidAt">When what was won was paid; null while it is not.</param>
/// <param name="PaymentReference">The voucher of that.</param>
/// <param name="DeliveredAt">When what was won was delivered; null while it is not.</param>
/// <param name="DeliveryReference">The voucher of that.</param>
/// <param name="IdleSince">Of an open one: when it was opened, came to its stage or was touched, whichever was last.</param>
/// <param name="JudgedBy">The version of the playbook by whose exit gate and limits it is judged in its stage: the one under which it came
/// there. Null where that asks for nothing.</param>
[Sparse]
public sealed record OpportunityAnswer(
    Guid Id, string Status, DateTimeOffset OpenedAt, string? Name, string? Type, string? Pipeline, string? Stage, DateTimeOffset? StageSince,
    Money Amount, DateOnly? ExpectedClose, Guid? CustomerId, Guid? LeadId, string? Rep, string? Team, string? Region, string? Product, string? Source,
    string? Competitor, IReadOnlyList<string> Tags, string? ExternalId, DateTimeOffset? ClosedAt, string? LossReason, string? Reference, int Touches,
    DateTimeOffset? LastTouchAt, string? Flag, Money? HeldAmount, Guid? HeldBy, IReadOnlyDictionary<string, string> Custom,
    IReadOnlyList<string> Marks, DateTimeOffset? MarkedSince,
    DateTimeOffset? SignedAt, DateTimeOffset? PaidAt, string? PaymentReference, DateTimeOffset? DeliveredAt, string? DeliveryReference,
    DateTimeOffset? IdleSince, long? JudgedBy)
{
    public static readonly RecordList<OpportunityList.Row, OpportunityAnswer> List = Listed();

    /// <summary>Only where it was asked for with <c>expand</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CustomerAnswer? Customer { get; init; }

    /// <inheritdoc cref="Customer"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LeadAnswer? Lead { get; init; }

    public static OpportunityAnswer Of(OpportunityList.Row r) => new(
        r.OpportunityId, r.Status, r.OpenedAt!.Value, r.Name, r.Type, r.Pipeline, r.Stage, r.StageSince, Money.Of(r.Amount!.Value, r.Currency!),
        r.ExpectedClose, r.CustomerId, r.LeadId, r.Rep, r.Team, r.Region, r.Product, r.Source, r.Competitor, r.Tags, r.ExternalId, r.ClosedAt,
        r.LossReason, r.Reference, r.Touches, r.LastTouchAt, r.Flag, r.HeldAmount is { } held ? Money.Of(held, r.Currency!) : null, r.HeldBy,
        r.Custom ?? CustomAnswer.Nothing, r.Marks, r.MarkedSince, r.SignedAt, r.PaidAt, r.PaymentReference, r.DeliveredAt, r.DeliveryReference, r.IdleSince,
        r.JudgedBy);

    private static RecordList<OpportunityList.Row, OpportunityAnswer> Listed()
    {
        var list = new RecordList<OpportunityList.Row, OpportunityAnswer>(
            "opportunity", Catalog.Opportunities, "openedAt", (row, _, _, _) => Task.FromResult(Of(row)),
            OpportunityList.Unasked, shownIn: new Dictionary<string, string> { ["currency"] = "amount" }, searched: ["name"]);
        list.Expansions =
        [
            new Expansion<CustomerList.Row, CustomerAnswer>("customer", list.Fields["customerId"], CustomerAnswer.List, Functions.CustomersRead),
            new Expansion<LeadList.Row, LeadAnswer>("lead", list.Fields["leadId"], LeadAnswer.List, Functions.LeadsRead)
        ];
        return list;
    }
}
