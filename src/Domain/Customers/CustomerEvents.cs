using System.Collections.Immutable;
using Crm.Domain.Activities;
using Crm.Domain.CustomFields;

namespace Crm.Domain.Customers;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ICustomerEvent;

/// <param name="Custom">What is known by the fields of the playbook.</param>
public sealed record CustomerRegistered(
    string Name,
    string? Industry = null,
    string? Region = null,
    string? Country = null,
    int? Employees = null,
    string? Website = null,
    Guid? ParentId = null,
    Guid? LeadId = null,
    CustomValues? Custom = null) : ICustomerEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Name, Website];
}

/// <summary>What is given is so from now on.</summary>
/// <param name="Cleared">Members that are not known any more, in camelCase; of the fields of the playbook as <c>custom.branch</c>.</param>
/// <param name="Custom">Of those fields the ones that became another.</param>
public sealed record CustomerChanged(
    string? Name = null,
    string? Industry = null,
    string? Region = null,
    string? Country = null,
    int? Employees = null,
    string? Website = null,
    Guid? ParentId = null,
    IReadOnlyList<string>? Cleared = null,
    CustomValues? Custom = null) : ICustomerEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Name, Website];

    /// <summary>The details as they are after this.</summary>
    public CustomerRegistered Over(CustomerRegistered details) => details with
    {
        Name = Name ?? details.Name,
        Industry = Change.Of(Cleared, "industry", Industry, details.Industry),
        Region = Change.Of(Cleared, "region", Region, details.Region),
        Country = Change.Of(Cleared, "country", Country, details.Country),
        Employees = Change.Of(Cleared, "employees", Employees, details.Employees),
        Website = Change.Of(Cleared, "website", Website, details.Website),
        ParentId = Change.Of(Cleared, "parentId", ParentId, details.ParentId),
        Custom = CustomValues.After(Cleared, Custom, details.Custom)
    };
}

/// <summary>How much it is looked after from now on.</summary>
/// <param name="Tier">Its key in the playbook; null where it is in none any more.</param>
/// <param name="Playbook">The version whose rule says so; null where a person does.</param>
/// <param name="Because">What the rules asked of it, as it was; what was not known is missing.</param>
public sealed record CustomerTierSet(
    string? Tier = null, string? Reason = null, long? Playbook = null, IReadOnlyDictionary<string, string>? Because = null)
    : ICustomerEvent;

/// <summary>A rule of the playbook moved it to a stage of its lifecycle.</summary>
/// <param name="Stage">Its key in the playbook; null where none fits any more.</param>
/// <param name="From">The stage that it was in; null for none.</param>
/// <param name="Playbook">The version that says so: the rule is the stage's own.</param>
/// <param name="Because">What the rules asked of it, as it was; what was not known is missing.</param>
/// <param name="TaskId">What whoever has it is to do; null where nothing is.</param>
public sealed record CustomerLifecycleEntered(
    string? Stage, string? From, long Playbook, IReadOnlyDictionary<string, string>? Because = null, Guid? TaskId = null) : ICustomerEvent
{
    public IReadOnlyDictionary<string, string> Because { get; init; } = Because ?? ImmutableDictionary<string, string>.Empty;
}

/// <summary>It has these tags more, and those no more.</summary>
public sealed record CustomerTagged(IReadOnlyList<string>? Added = null, IReadOnlyList<string>? Removed = null) : ICustomerEvent
{
    public IReadOnlyList<string> Added { get; init; } = Added ?? [];

    public IReadOnlyList<string> Removed { get; init; } = Removed ?? [];

    /// <summary>The tags as they are after this, each once.</summary>
    public IReadOnlyList<string> Over(IReadOnlyList<string> tags) => [.. tags.Union(Added).Except(Removed)];
}

/// <summary>Where it is, for those who go there.</summary>
/// <param name="Latitude">In degrees of WGS 84; null where nobody knows any more.</param>
/// <param name="Longitude">Likewise.</param>
public sealed record CustomerLocated(double? Latitude = null, double? Longitude = null) : ICustomerEvent;

/// <summary>A touch with it that belongs to no opportunity.</summary>
/// <param name="Visit">What is known of it where somebody went there and his phone told of it.</param>
/// <param name="Place">Where the phone was then, as <c>latitude,longitude</c>.</param>
public sealed record CustomerTouched(
    Guid TouchId,
    TouchKind Kind,
    Direction Direction,
    string? Channel = null,
    string? Outcome = null,
    int? DurationSeconds = null,
    Personal? Summary = null,
    Visit? Visit = null,
    Personal? Place = null) : ICustomerEvent, IWorkEvent, ITouched;

public sealed record CustomerIdentified(string System, string ExternalId) : ICustomerEvent;
public sealed record CustomerLeadJoined(Guid LeadId, Guid OpportunityId) : ICustomerEvent;

public sealed record CustomerAttachmentAdded(
    Guid AttachmentId,
    Personal Name,
    string MediaType,
    long Size,
    string Sha256,
    string? Label = null,
    Guid? TouchId = null) : ICustomerEvent, IAttachmentAdded
{
    AttachedFile IAttachmentAdded.File => new(AttachmentId, Name, MediaType, Size, Sha256, Label, TouchId);

    internal static CustomerAttachmentAdded Of(AttachedFile file) =>
        new(file.AttachmentId, file.Name, file.MediaType, file.Size, file.Sha256, file.Label, file.TouchId);
}

public sealed record CustomerAttachmentRemoved(Guid AttachmentId, string? Reason = null) : ICustomerEvent, IAttachmentRemoved;

/// <summary>An import was taken back, and with it what it had said here.</summary>
/// <param name="ImportId">Which one.</param>
public sealed record CustomerImportUndone(Guid ImportId, IReadOnlyList<Guid> Events) : ICustomerEvent, IRetraction;
