using Crm.Domain.Activities;
using Crm.Domain.CustomFields;

namespace Crm.Domain.Leads;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ILeadEvent : IWorkEvent;

/// <param name="Previous">The lead of the same person that is closed, qualified or set aside: this one begins anew.</param>
/// <param name="Custom">What is known by the fields of its playbook.</param>
public sealed record LeadCaptured(
    string Source,
    string? Company = null,
    Personal? Contact = null,
    Personal? Email = null,
    Personal? Phone = null,
    string? Role = null,
    string? Region = null,
    string? Industry = null,
    int? Employees = null,
    string? Campaign = null,
    string? Product = null,
    Personal? Message = null,
    string? ExternalId = null,
    SizeBand? SizeBand = null,
    Guid? Previous = null,
    CustomValues? Custom = null) : ILeadEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Company];

    /// <summary>All of it as said of a lead that there is.</summary>
    public LeadChanged AsChange() => new(
        Source.Length > 0 ? Source : null, Company, Contact, Email, Phone, Role, Region, Industry, Employees, Campaign, Product, ExternalId,
        SizeBand: SizeBand, Custom: Custom);
}

/// <summary>What is given is so from now on.</summary>
/// <param name="Cleared">
/// Members that are not known any more, in camelCase; of the fields of its playbook as <c>custom.painPoints</c>.
/// </param>
/// <param name="Custom">Of those fields the ones that became another.</param>
public sealed record LeadChanged(
    string? Source = null,
    string? Company = null,
    Personal? Contact = null,
    Personal? Email = null,
    Personal? Phone = null,
    string? Role = null,
    string? Region = null,
    string? Industry = null,
    int? Employees = null,
    string? Campaign = null,
    string? Product = null,
    string? ExternalId = null,
    IReadOnlyList<string>? Cleared = null,
    SizeBand? SizeBand = null,
    CustomValues? Custom = null) : ILeadEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Company];

    /// <summary>The details as they are after this.</summary>
    public LeadCaptured Over(LeadCaptured details) => details with
    {
        Source = Source ?? details.Source,
        Company = Change.Of(Cleared, "company", Company, details.Company),
        Contact = Change.Of(Cleared, "contact", Contact, details.Contact),
        Email = Change.Of(Cleared, "email", Email, details.Email),
        Phone = Change.Of(Cleared, "phone", Phone, details.Phone),
        Role = Change.Of(Cleared, "role", Role, details.Role),
        Region = Change.Of(Cleared, "region", Region, details.Region),
        Industry = Change.Of(Cleared, "industry", Industry, details.Industry),
        Employees = Change.Of(Cleared, "employees", Employees, details.Employees),
        Campaign = Change.Of(Cleared, "campaign", Campaign, details.Campaign),
        Product = Change.Of(Cleared, "product", Product, details.Product),
        ExternalId = Change.Of(Cleared, "externalId", ExternalId, details.ExternalId),
        SizeBand = Change.Of(Cleared, "sizeBand", SizeBand, details.SizeBand),
        Custom = CustomValues.After(Cleared, Custom, details.Custom)
    };
}

/// <param name="Ground">Why him; null where a person, or a file, said so.</param>
/// <param name="Terms">What is expected of him; null where nothing is.</param>
public sealed record LeadAssigned(string Rep, string? Team = null, AssignmentGround? Ground = null, ResponseTerms? Terms = null) : ILeadEvent;

/// <summary>Nobody got it by the rules.</summary>
/// <param name="Why"><c>held-back</c>, <c>no-rule</c>, <c>nobody-free</c> or <c>rounds-used-up</c>.</param>
/// <param name="TryAgainAt">When the rules are asked again; null where that waits for something to change.</param>
public sealed record LeadLeftInPool(string Why, string? Rule = null, IReadOnlyList<PassedOver>? PassedOver = null, DateTimeOffset? TryAgainAt = null) : ILeadEvent;

/// <summary>He was reminded that he has to follow up.</summary>
public sealed record LeadReminded(string Rep, DateTimeOffset RespondBy) : ILeadEvent;

/// <summary>He did not follow up in time.</summary>
/// <param name="Round">How many reps had it by rules, he counted.</param>
public sealed record LeadResponseMissed(string Rep, DateTimeOffset RespondBy, int Round) : ILeadEvent;

/// <summary>It is nobody's again, and anybody's.</summary>
/// <param name="Reason">Of older ones: what is said of a person is sealed since.</param>
/// <param name="Comment">What whoever let go of it says to the next.</param>
public sealed record LeadReturned(string Rep, ReturnedBecause Because, string? Reason = null, Personal? Comment = null) : ILeadEvent;

/// <summary>Nobody followed up for too long.</summary>
/// <param name="Since">His last follow-up; when he got it, where there is none.</param>
/// <param name="Told">The superior who was told; null where there is none so far up.</param>
/// <param name="Step">How far up that is; 1 is his own superior.</param>
/// <param name="NextAt">When, without a follow-up, the next one up is told; null where nobody is.</param>
public sealed record LeadSilent(string Rep, DateTimeOffset Since, int Step, string? Told = null, DateTimeOffset? NextAt = null) : ILeadEvent;

/// <summary>Nothing is expected any more of whoever has it: the playbook that is in force by now says nothing of it.</summary>
public sealed record LeadClocksStopped(string? Rep = null) : ILeadEvent;

/// <summary>He followed up; the next follow-up is looked for by then.</summary>
public sealed record LeadFollowUpExpected(string Rep, DateTimeOffset By) : ILeadEvent;

/// <param name="Via">The merged lead that it was said of, where it was not said of this one.</param>
/// <param name="Visit">What is known of it where somebody went there and his phone told of it.</param>
/// <param name="Place">Where the phone was then, as <c>latitude,longitude</c>.</param>
public sealed record LeadTouched(
    Guid TouchId,
    TouchKind Kind,
    Direction Direction,
    string? Channel = null,
    string? Outcome = null,
    int? DurationSeconds = null,
    Personal? Summary = null,
    Guid? Via = null,
    Visit? Visit = null,
    Personal? Place = null) : ILeadEvent, ITouched;

public sealed record LeadNoted(Guid NoteId, Personal Text) : ILeadEvent;

public sealed record LeadAttachmentAdded(
    Guid AttachmentId,
    Personal Name,
    string MediaType,
    long Size,
    string Sha256,
    string? Label = null,
    Guid? TouchId = null) : ILeadEvent, IAttachmentAdded
{
    AttachedFile IAttachmentAdded.File => new(AttachmentId, Name, MediaType, Size, Sha256, Label, TouchId);

    internal static LeadAttachmentAdded Of(AttachedFile file) =>
        new(file.AttachmentId, file.Name, file.MediaType, file.Size, file.Sha256, file.Label, file.TouchId);
}

public sealed record LeadAttachmentRemoved(Guid AttachmentId, string? Reason = null) : ILeadEvent, IAttachmentRemoved;

public sealed record LeadQualified(Guid CustomerId, Guid OpportunityId) : ILeadEvent;
public sealed record LeadDisqualified(string Reason, Personal? Comment = null) : ILeadEvent;
public sealed record LeadRevived(string? Reason = null) : ILeadEvent;

/// <summary>It turned out to be no business, and so never was any.</summary>
/// <param name="Rule">The rule of the playbook that says so; null where a person does.</param>
public sealed record LeadFlagged(RecordFlag Flag, string? Reason = null, string? Rule = null) : ILeadEvent, IFromTheFirst;

/// <summary>It is business after all, and always was.</summary>
public sealed record LeadFlagWithdrawn(string? Reason = null) : ILeadEvent, IFromTheFirst;

/// <summary>This lead turned out to be another one: from now on it is part of that.</summary>
public sealed record LeadMerged(Guid Into) : ILeadEvent;

/// <summary>It is a lead of its own again.</summary>
public sealed record LeadUnmerged(Guid From) : ILeadEvent;

/// <summary>Another lead turned out to be this one. What this one does not know itself, that one lends it.</summary>
/// <param name="LeadId">The other one.</param>
/// <param name="Touches">How many it brings, its captures among them.</param>
/// <param name="Via">The merged lead whose key it shares, where that is not this one.</param>
/// <param name="MatchedBy"><c>phone</c>, <c>email</c>, <c>company</c>; null where a person said so.</param>
/// <param name="LastTouchAt">When the last of its touches was; null for the moment of this fact.</param>
/// <param name="Captures">How often it was captured: more than once where it has parts of its own.</param>
/// <param name="Custom">What it knows by the fields of its playbook.</param>
public sealed record LeadAbsorbed(
    Guid LeadId,
    int Touches,
    Guid? Via = null,
    IReadOnlyList<string>? MatchedBy = null,
    DateTimeOffset? LastTouchAt = null,
    string? Company = null,
    Personal? Contact = null,
    Personal? Email = null,
    Personal? Phone = null,
    string? Role = null,
    string? Region = null,
    string? Industry = null,
    int? Employees = null,
    SizeBand? SizeBand = null,
    string? Product = null,
    int Captures = 1,
    CustomValues? Custom = null) : ILeadEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Company];

    /// <summary>What it lends, as said of the lead that it is part of now.</summary>
    public LeadChanged Lends() => new(
        null, Company, Contact, Email, Phone, Role, Region, Industry, Employees, Product: Product, SizeBand: SizeBand, Custom: Custom);

    /// <summary>The same, lending what is known of a lead.</summary>
    public LeadAbsorbed Lending(LeadCaptured? known) => known is null ? this : this with
    {
        Company = known.Company,
        Contact = known.Contact,
        Email = known.Email,
        Phone = known.Phone,
        Role = known.Role,
        Region = known.Region,
        Industry = known.Industry,
        Employees = known.Employees,
        SizeBand = known.SizeBand,
        Product = known.Product,
        Custom = known.Custom
    };
}

/// <summary>What was taken for this lead is one of its own again, with all that came through it.</summary>
/// <param name="LeadIds">That lead first, then its parts and those that came in by them.</param>
/// <param name="Touches">How many touches go with them.</param>
/// <param name="Captures">How many captures do.</param>
/// <param name="LastTouchAt">When the last of those that stay was; null where it is as it was.</param>
public sealed record LeadReleased(IReadOnlyList<Guid> LeadIds, int Touches, int Captures, DateTimeOffset? LastTouchAt = null) : ILeadEvent;

/// <summary>An import was taken back, and with it what it had said here.</summary>
/// <param name="ImportId">Which one.</param>
public sealed record LeadImportUndone(Guid ImportId, IReadOnlyList<Guid> Events) : ILeadEvent, IRetraction;
