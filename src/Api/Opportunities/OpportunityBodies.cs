using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.Projections.Opportunities;

namespace Crm.Api.Opportunities;

/// <param name="Pipeline">Left out: <c>standard</c>.</param>
/// <param name="Stage">Left out: the first of the pipeline.</param>
public sealed record OpenOpportunityRequest(
    string Name, Money Amount, OpportunityType? Type = null, string? Pipeline = null, string? Stage = null, string? Source = null,
    Guid? CustomerId = null, string? Rep = null, string? Team = null, string? Region = null, string? Product = null, DateOnly? ExpectedClose = null,
    string? Competitor = null, [Items(20), Text(60)] IReadOnlyList<string>? Tags = null, string? ExternalId = null, DateTimeOffset? OccurredAt = null);

/// <summary>What is left out stays as it is.</summary>
public sealed record AssignOpportunityRequest(string? Rep = null, string? Team = null, string? Region = null, DateTimeOffset? OccurredAt = null);

public sealed record EnterStageRequest(string Stage, DateTimeOffset? OccurredAt = null);

public sealed record ChangeAmountRequest(Money Amount, DateTimeOffset? OccurredAt = null);

public sealed record ChangeCloseDateRequest(DateOnly ExpectedClose, DateTimeOffset? OccurredAt = null);

/// <param name="Amount">As signed; left out, the amount stays as it is.</param>
/// <param name="Reference">The voucher: number of the contract or order.</param>
public sealed record WinRequest(Money? Amount = null, string? Reference = null, DateTimeOffset? OccurredAt = null);

public sealed record LossRequest(string Reason, [Text(4000)] string? Comment = null, string? Competitor = null, DateTimeOffset? OccurredAt = null);

public sealed record ReopenRequest(string? Reason = null, string? Stage = null, DateTimeOffset? OccurredAt = null);

/// <summary>What an earlier fact should have said. What is left out stands as it was recorded.</summary>
/// <param name="EventId">The event that is put right, as <c>/opportunities/{id}/events</c> names it.</param>
/// <param name="Withdrawn">It did not happen at all.</param>
/// <param name="OccurredAt">When it really happened.</param>
public sealed record CorrectionRequest(
    Guid EventId, string Reason, bool? Withdrawn = null, DateTimeOffset? OccurredAt = null, Money? Amount = null, string? Stage = null,
    DateOnly? ExpectedClose = null, string? LossReason = null, string? Rep = null, string? Team = null, string? Region = null, string? Product = null);

public sealed record OpportunityQuestion(
    Page Page, Times Times, OpportunityOutcome? Status = null, string? Pipeline = null, string? Stage = null, string? Rep = null, string? Team = null,
    string? Region = null, string? Product = null, string? ExternalId = null);

public sealed record OpportunityAnswer(
    Guid Id, string Status, DateTimeOffset OpenedAt, string? Name, string? Type, string? Pipeline, string? Stage, DateTimeOffset? StageSince,
    Money Amount, DateOnly? ExpectedClose, Guid? CustomerId, Guid? LeadId, string? Rep, string? Team, string? Region, string? Product, string? Source,
    string? Competitor, IReadOnlyList<string> Tags, string? ExternalId, DateTimeOffset? ClosedAt, string? LossReason, string? Reference, int Touches,
    DateTimeOffset? LastTouchAt)
{
    public static OpportunityAnswer Of(OpportunityList.Row r) => new(
        r.OpportunityId, r.Status, r.OpenedAt!.Value, r.Name, r.Type, r.Pipeline, r.Stage, r.StageSince, Money.Of(r.Amount!.Value, r.Currency!),
        r.ExpectedClose, r.CustomerId, r.LeadId, r.Rep, r.Team, r.Region, r.Product, r.Source, r.Competitor, r.Tags, r.ExternalId, r.ClosedAt,
        r.LossReason, r.Reference, r.Touches, r.LastTouchAt);
}
