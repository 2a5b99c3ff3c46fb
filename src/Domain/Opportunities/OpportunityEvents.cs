using Crm.Domain.Activities;
using Crm.Domain.CustomFields;

namespace Crm.Domain.Opportunities;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IOpportunityEvent : IWorkEvent;

public enum OpportunityType { New, Renewal, Upsell }

/// <param name="Playbook">The version whose exit gate it has to pass to go on from its stage; null where that asked for nothing.</param>
/// <param name="Passed">What served for the gates that lay behind it then; null where they asked for nothing.</param>
/// <param name="Custom">What is known by the fields of the playbook.</param>
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
    string? ExternalId = null,
    CustomValues? Custom = null,
    long? Playbook = null,
    IReadOnlyList<GatePassed>? Passed = null) : IOpportunityEvent, INaming
{
    public IReadOnlyList<string> Tags { get; init; } = Tags ?? [];

    IEnumerable<string?> INaming.Names => [Name];
}

/// <summary>What is given is so from now on. Amount, close date, stage and owners have facts of their own.</summary>
/// <param name="Cleared">Members that are not known any more, in camelCase; of the fields of the playbook as <c>custom.seats</c>.</param>
/// <param name="Custom">Of those fields the ones that became another.</param>
public sealed record OpportunityChanged(
    string? Name = null,
    OpportunityType? Type = null,
    Guid? CustomerId = null,
    string? Source = null,
    string? Product = null,
    string? Competitor = null,
    IReadOnlyList<string>? Tags = null,
    string? ExternalId = null,
    IReadOnlyList<string>? Cleared = null,
    CustomValues? Custom = null) : IOpportunityEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Name];

    /// <summary>The opening as it would have to be said after this.</summary>
    public OpportunityOpened Over(OpportunityOpened details) => details with
    {
        Name = Name ?? details.Name,
        Type = Type ?? details.Type,
        CustomerId = Change.Of(Cleared, "customerId", CustomerId, details.CustomerId),
        Source = Change.Of(Cleared, "source", Source, details.Source),
        Product = Change.Of(Cleared, "product", Product, details.Product),
        Competitor = Change.Of(Cleared, "competitor", Competitor, details.Competitor),
        Tags = Change.Of(Cleared, "tags", Tags, details.Tags) ?? [],
        ExternalId = Change.Of(Cleared, "externalId", ExternalId, details.ExternalId),
        Custom = CustomValues.After(Cleared, Custom, details.Custom)
    };

    /// <summary>This and a later change as one.</summary>
    public OpportunityChanged Then(OpportunityChanged later) => new(
        later.Name ?? Name,
        later.Type ?? Type,
        Change.Of(later.Cleared, "customerId", later.CustomerId, CustomerId),
        Change.Of(later.Cleared, "source", later.Source, Source),
        Change.Of(later.Cleared, "product", later.Product, Product),
        Change.Of(later.Cleared, "competitor", later.Competitor, Competitor),
        Change.Of(later.Cleared, "tags", later.Tags, Tags),
        Change.Of(later.Cleared, "externalId", later.ExternalId, ExternalId),
        [.. (Cleared ?? []).Except(later.Given()).Union(later.Cleared ?? [])],
        CustomValues.After(later.Cleared, later.Custom, Custom));

    private IEnumerable<string> Given()
    {
        (object? Value, string Name)[] members =
        [
            (CustomerId, "customerId"), (Source, "source"), (Product, "product"), (Competitor, "competitor"), (Tags, "tags"), (ExternalId, "externalId")
        ];
        return
        [
            .. members.Where(member => member.Value is not null).Select(member => member.Name),
            .. (Custom?.ByKey.Keys ?? []).Select(key => CustomValues.Prefix + key)
        ];
    }
}

public sealed record OpportunityAssigned(string? Rep = null, string? Team = null, string? Region = null) : IOpportunityEvent;

/// <param name="Reviewed">The amount that was last looked at, from which the next change is measured; null where it is this one.</param>
/// <param name="ApprovalId">The approval that it waited for; null where it had to wait for none.</param>
public sealed record OpportunityAmountChanged(Money Amount, Money? Reviewed = null, Guid? ApprovalId = null) : IOpportunityEvent;

/// <summary>A change is too large to be made unseen; the amount stays as it is until an approval is granted.</summary>
/// <param name="Amount">What it is to be.</param>
/// <param name="Reviewed">The amount that was last looked at, from which it is measured.</param>
/// <param name="Percent">Beyond so much of that a change waits.</param>
/// <param name="Flow">Of the approval that it waits for.</param>
public sealed record OpportunityAmountHeld(Money Amount, Money Reviewed, decimal Percent, Guid ApprovalId, string Flow) : IOpportunityEvent;

public sealed record OpportunityCloseDateChanged(DateOnly ExpectedClose) : IOpportunityEvent;

/// <inheritdoc cref="OpportunityOpened"/>
/// <param name="Passed">What serves for the gates that lie behind it now, those passed earlier, too; null where they asked for nothing.</param>
public sealed record OpportunityStageEntered(string Stage, long? Playbook = null, IReadOnlyList<GatePassed>? Passed = null) : IOpportunityEvent;

/// <param name="Visit">What is known of it where somebody went there and his phone told of it.</param>
/// <param name="Place">Where the phone was then, as <c>latitude,longitude</c>.</param>
/// <param name="Topics">What it was about, in words that rules of a playbook ask for, such as <c>price</c>; null where nobody said.</param>
public sealed record OpportunityTouched(
    Guid TouchId,
    TouchKind Kind,
    Direction Direction,
    string? Channel = null,
    string? Outcome = null,
    int? DurationSeconds = null,
    Personal? Summary = null,
    Visit? Visit = null,
    Personal? Place = null,
    IReadOnlyList<string>? Topics = null) : IOpportunityEvent, ITouched;

public sealed record OpportunityNoted(Guid NoteId, Personal Text) : IOpportunityEvent;

public sealed record OpportunityAttachmentAdded(
    Guid AttachmentId,
    Personal Name,
    string MediaType,
    long Size,
    string Sha256,
    string? Label = null,
    Guid? TouchId = null) : IOpportunityEvent, IAttachmentAdded
{
    AttachedFile IAttachmentAdded.File => new(AttachmentId, Name, MediaType, Size, Sha256, Label, TouchId);

    internal static OpportunityAttachmentAdded Of(AttachedFile file) =>
        new(file.AttachmentId, file.Name, file.MediaType, file.Size, file.Sha256, file.Label, file.TouchId);
}

public sealed record OpportunityAttachmentRemoved(Guid AttachmentId, string? Reason = null) : IOpportunityEvent, IAttachmentRemoved;

/// <param name="Passed">As in <see cref="OpportunityStageEntered"/>.</param>
public sealed record OpportunityWon(Money Amount, string? Reference = null, IReadOnlyList<GatePassed>? Passed = null) : IOpportunityEvent;

/// <summary>What was won is paid.</summary>
/// <param name="Reference">The voucher: number of the receipt or of the bank's entry.</param>
/// <param name="Passed">What served as voucher; null where nothing was asked for.</param>
public sealed record OpportunityPaid(string? Reference = null, IReadOnlyList<GatePassed>? Passed = null) : IOpportunityEvent;

/// <summary>What was won is delivered.</summary>
/// <param name="Reference">The voucher: number of the delivery note or acceptance.</param>
/// <param name="Passed">As in <see cref="OpportunityPaid"/>.</param>
public sealed record OpportunityDelivered(string? Reference = null, IReadOnlyList<GatePassed>? Passed = null) : IOpportunityEvent;

public sealed record OpportunityLost(string Reason, Personal? Comment = null, string? Competitor = null) : IOpportunityEvent;

/// <param name="Stage">Null where it goes on where it was.</param>
/// <param name="Playbook">As in <see cref="OpportunityOpened"/>, where there is a stage.</param>
/// <param name="Passed">As in <see cref="OpportunityStageEntered"/>, where there is a stage.</param>
public sealed record OpportunityReopened(
    string? Reason = null, string? Stage = null, long? Playbook = null, IReadOnlyList<GatePassed>? Passed = null) : IOpportunityEvent;

/// <summary>It turned out to be no business, and so never was any.</summary>
public sealed record OpportunityFlagged(RecordFlag Flag, string? Reason = null) : IOpportunityEvent, IFromTheFirst;

/// <summary>It is business after all, and always was.</summary>
public sealed record OpportunityFlagWithdrawn(string? Reason = null) : IOpportunityEvent, IFromTheFirst;

/// <summary>Somebody asked for an approval about it.</summary>
/// <param name="ApprovalId">The approval's stream, which tells the rest.</param>
/// <param name="Flow">The key of the flow, as the playbook had it.</param>
/// <param name="Purpose">What it is asked for, such as a discount.</param>
public sealed record OpportunityApprovalAsked(Guid ApprovalId, string Flow, string? Purpose = null) : IOpportunityEvent;

/// <summary>An approval about it came to its end.</summary>
/// <param name="Granted">False where it was refused, and where it was withdrawn.</param>
public sealed record OpportunityApprovalSettled(Guid ApprovalId, string Flow, bool Granted, string? Purpose = null) : IOpportunityEvent;

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

/// <summary>An import was taken back, and with it what it had said here.</summary>
/// <param name="ImportId">Which one.</param>
public sealed record OpportunityImportUndone(Guid ImportId, IReadOnlyList<Guid> Events) : IOpportunityEvent, IRetraction;
