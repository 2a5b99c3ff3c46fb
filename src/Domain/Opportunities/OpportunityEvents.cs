using Crm.Domain.Activities;

namespace Crm.Domain.Opportunities;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IOpportunityEvent;

public enum OpportunityType { New, Renewal, Upsell }

public sealed record OpportunityOpened(
    string Name,
    OpportunityType Type,
    Money Amount,
    string Pipeline,
    string Stage,
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
    string? ExternalId = null) : IOpportunityEvent, INaming
{
    public IReadOnlyList<string> Tags { get; init; } = Tags ?? [];

    IEnumerable<string?> INaming.Names => [Name];
}

public sealed record OpportunityAssigned(string? Rep = null, string? Team = null, string? Region = null) : IOpportunityEvent;
public sealed record OpportunityAmountChanged(Money Amount) : IOpportunityEvent;
public sealed record OpportunityCloseDateChanged(DateOnly ExpectedClose) : IOpportunityEvent;
public sealed record OpportunityStageEntered(string Stage) : IOpportunityEvent;

public sealed record OpportunityTouched(
    Guid TouchId,
    TouchKind Kind,
    Direction Direction,
    string? Channel = null,
    string? Outcome = null,
    int? DurationSeconds = null,
    Personal? Summary = null) : IOpportunityEvent;

public sealed record OpportunityNoted(Guid NoteId, Personal Text) : IOpportunityEvent;
public sealed record OpportunityWon(Money Amount, string? Reference = null) : IOpportunityEvent;
public sealed record OpportunityLost(string Reason, Personal? Comment = null, string? Competitor = null) : IOpportunityEvent;
public sealed record OpportunityReopened(string? Reason = null, string? Stage = null) : IOpportunityEvent;

// Whoever folds applies OpportunityCorrection.Restate to the event named here; this one changes nothing by itself.
public sealed record OpportunityCorrected(
    Guid EventId,
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
    string? Product = null) : IOpportunityEvent;
