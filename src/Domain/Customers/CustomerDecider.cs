using Crm.Domain.Activities;
using Crm.Domain.CustomFields;

namespace Crm.Domain.Customers;

public interface ICustomerCommand;

/// <param name="Custom">By the fields of the playbook in force, in their normal form.</param>
public sealed record RegisterCustomer(
    string Name,
    string? Industry = null,
    string? Region = null,
    string? Country = null,
    int? Employees = null,
    string? Website = null,
    Guid? ParentId = null,
    Guid? LeadId = null,
    CustomValues? Custom = null) : ICustomerCommand;

/// <summary>What is null stays as it is; what is named in <paramref name="Cleared"/> is not known any more.</summary>
/// <param name="Cleared">Of the fields of the playbook as <c>custom.branch</c>, or <c>custom</c> for all of them.</param>
/// <param name="Custom">Those of these fields that are given, in their normal form.</param>
public sealed record ChangeCustomer(
    string? Name = null,
    string? Industry = null,
    string? Region = null,
    string? Country = null,
    int? Employees = null,
    string? Website = null,
    Guid? ParentId = null,
    IReadOnlyList<string>? Cleared = null,
    CustomValues? Custom = null) : ICustomerCommand;

/// <param name="Tier">Null for none.</param>
/// <param name="Known">The keys of the playbook's tiers.</param>
public sealed record SetCustomerTier(string? Tier, IReadOnlyList<string> Known, string? Reason = null) : ICustomerCommand;

/// <param name="Place">Null where nobody knows any more.</param>
public sealed record LocateCustomer(GeoPoint? Place) : ICustomerCommand;

public sealed record TouchCustomer(
    Guid TouchId,
    TouchKind Kind,
    Direction Direction,
    string? Channel = null,
    string? Outcome = null,
    int? DurationSeconds = null,
    Personal? Summary = null,
    Visit? Visit = null,
    Personal? Place = null) : ICustomerCommand, IMayPredate;

/// <summary>A rule finds that it belongs into a tier, or into none.</summary>
public sealed record TierCustomer(string? Tier, long Playbook, IReadOnlyDictionary<string, string> Because) : ICustomerCommand;

/// <summary>A rule finds that it has come to a stage of its lifecycle, or to none.</summary>
/// <param name="TaskId">What is done with it there.</param>
public sealed record EnterLifecycle(
    string? Stage, long Playbook, IReadOnlyDictionary<string, string> Because, Guid? TaskId = null) : ICustomerCommand;

/// <summary>Tags are texts of 1 to 60 characters; a customer has 50 at most.</summary>
public sealed record TagCustomer(IReadOnlyList<string>? Add = null, IReadOnlyList<string>? Remove = null) : ICustomerCommand
{
    public const int LongestTag = 60;
    public const int MostTags = 50;
}

public sealed record IdentifyCustomer(string System, string ExternalId) : ICustomerCommand;
public sealed record JoinLead(Guid LeadId, Guid OpportunityId) : ICustomerCommand;
public sealed record AddCustomerAttachment(AttachedFile File) : ICustomerCommand, IMayPredate;
public sealed record RemoveCustomerAttachment(Guid AttachmentId, string? Reason = null) : ICustomerCommand;

public static class CustomerDecider
{
    public static readonly Decider<Customer, ICustomerCommand, ICustomerEvent> Instance =
        new("customer", Customer.None, Decide, Customer.Evolve, Precede);

    public static IReadOnlyList<ICustomerEvent> Decide(Customer state, ICustomerCommand command) => (state, command) switch
    {
        ({ Registered: null }, RegisterCustomer c) => [Register(c)],
        (_, RegisterCustomer c) when state.Registered == Register(c) => [],
        (_, RegisterCustomer) => throw Registered(),

        ({ Registered: null }, _) => throw Rejection.Unknown("customer.unknown", "There is no such customer."),

        (_, ChangeCustomer c) => Changed(state.Details!, c),

        (_, IdentifyCustomer c) when state.ExternalIds.TryGetValue(c.System, out var known) =>
            known == c.ExternalId ? [] : throw Taken(c, known),
        (_, IdentifyCustomer c) => [new CustomerIdentified(c.System, c.ExternalId)],

        // What a rule says a person can say, too: then it stays.
        (_, SetCustomerTier c) when c.Tier == state.Tier && (c.Tier is null || !state.TierByRule) => [],
        (_, SetCustomerTier c) => [Tiered(c)],

        (_, LocateCustomer c) => Located(state, c.Place?.Rounded),

        (_, TouchCustomer c) when state.Touches.ContainsKey(c.TouchId) => [],
        (_, TouchCustomer c) => [new CustomerTouched(
            c.TouchId, c.Kind, c.Direction, c.Channel, c.Outcome, Touch.Duration(c.DurationSeconds), c.Summary, c.Visit, c.Place)],

        // Whatever a rule finds, a person's word stands, and what was found before is nothing new.
        (_, TierCustomer) when state is { Tier: not null, TierByRule: false } => [],
        (_, TierCustomer c) => c.Tier == state.Tier ? [] : [new CustomerTierSet(c.Tier, Reason: null, c.Playbook, c.Because)],
        (_, EnterLifecycle c) => c.Stage == state.Lifecycle
            ? [] : [new CustomerLifecycleEntered(c.Stage, state.Lifecycle, c.Playbook, c.Because, c.TaskId)],
        (_, TagCustomer c) => Tagged(state.Tags, c),

        (_, JoinLead c) when state.Leads.Contains(new(c.LeadId, c.OpportunityId)) => [],
        (_, JoinLead c) => [new CustomerLeadJoined(c.LeadId, c.OpportunityId)],

        (_, AddCustomerAttachment c) when state.Attachments.Hold(c.File) => [],
        (_, RemoveCustomerAttachment c) when state.Attachments.Removed.Contains(c.AttachmentId) => [],
        (_, AddCustomerAttachment c) => [CustomerAttachmentAdded.Of(state.Attachments.Taking(c.File, state.Touches.ContainsKey))],
        (_, RemoveCustomerAttachment c) => [new CustomerAttachmentRemoved(state.Attachments.Holding(c.AttachmentId), c.Reason)],
        _ => []
    };

    public static void Precede(Customer latest, ICustomerCommand command)
    {
        if (command is RegisterCustomer && latest.Registered is not null)
            throw Registered();
        if (command is IdentifyCustomer c && latest.ExternalIds.TryGetValue(c.System, out var known) && known != c.ExternalId)
            throw Taken(c, known);
        if (command is TouchCustomer touch && latest.Touches.ContainsKey(touch.TouchId))
            throw Rejection.WrongState("customer.touch-known", $"Touch {touch.TouchId} is known, at a later time.");
        if (command is AddCustomerAttachment added)
            latest.Attachments.MustStillTake(added.File);
        if (command is RemoveCustomerAttachment removed)
            latest.Attachments.Holding(removed.AttachmentId);
    }

    private static CustomerRegistered Register(RegisterCustomer c) => c.Employees is null or >= 0
        ? new(c.Name, c.Industry, c.Region, c.Country, c.Employees, c.Website, c.ParentId, c.LeadId, c.Custom)
        : throw Employees(c.Employees);

    // Only what becomes another than it was is a fact.
    private static IReadOnlyList<ICustomerEvent> Changed(CustomerRegistered details, ChangeCustomer c)
    {
        if (c.Employees < 0)
            throw Employees(c.Employees);
        if (c.Cleared?.Contains("name") == true)
            throw Rejection.BrokenRule("customer.name", "A customer has a name; send another one.", "name");

        var changed = new CustomerChanged(
            Change.Other(c.Name, details.Name), Change.Other(c.Industry, details.Industry), Change.Other(c.Region, details.Region),
            Change.Other(c.Country, details.Country), Change.Other(c.Employees, details.Employees), Change.Other(c.Website, details.Website),
            Change.Other(c.ParentId, details.ParentId),
            Change.Cleared(CustomValues.Each(c.Cleared, details.Custom), name => Known(details, name)),
            CustomValues.Other(c.Custom, details.Custom));
        return changed == new CustomerChanged() ? [] : [changed];
    }

    private static bool Known(CustomerRegistered details, string name) => name switch
    {
        "industry" => details.Industry is not null,
        "region" => details.Region is not null,
        "country" => details.Country is not null,
        "employees" => details.Employees is not null,
        "website" => details.Website is not null,
        "parentId" => details.ParentId is not null,
        _ => CustomValues.KeyIn(name) is { } key && details.Custom?[key] is not null
    };

    private static IReadOnlyList<ICustomerEvent> Located(Customer state, GeoPoint? place) => place switch
    {
        { Latitude: < -90 or > 90 } or { Longitude: < -180 or > 180 } or { Latitude: double.NaN } or { Longitude: double.NaN } =>
            throw Rejection.BrokenRule("customer.location",
                "A latitude lies between -90 and 90 degrees, a longitude between -180 and 180."),
        _ when place == state.Location => [],
        _ => [new CustomerLocated(place?.Latitude, place?.Longitude)]
    };

    private static CustomerTierSet Tiered(SetCustomerTier c) => c.Tier is null || c.Known.Contains(c.Tier)
        ? new(c.Tier, c.Reason)
        : throw Rejection.BrokenRule("customer.tier", $"There is no tier '{c.Tier}'; there are {string.Join(", ", c.Known)}.", "tier");

    private static IReadOnlyList<ICustomerEvent> Tagged(IReadOnlyCollection<string> tags, TagCustomer c)
    {
        var (add, remove) = ((c.Add ?? []).Distinct().Except(c.Remove ?? []), (c.Remove ?? []).Distinct());
        var change = new CustomerTagged([.. add.Except(tags)], [.. remove.Intersect(tags)]);
        if (change.Added.FirstOrDefault(tag =>
            tag.Length is 0 or > TagCustomer.LongestTag || tag.Trim() != tag || tag.Any(char.IsControl)) is { } wrong)
            throw Rejection.BrokenRule(
                "customer.tag", $"'{wrong}' is no tag; one is text of 1 to {TagCustomer.LongestTag} characters in one line.", "add");
        if (tags.Count + change.Added.Count - change.Removed.Count > TagCustomer.MostTags)
            throw Rejection.BrokenRule("customer.tags", $"A customer has at most {TagCustomer.MostTags} tags.", "add");
        return change is { Added: [], Removed: [] } ? [] : [change];
    }

    private static Rejection Employees(int? said) =>
        Rejection.BrokenRule("customer.employees", $"A customer cannot have {said} employees; 0 or more.", "employees");

    private static Rejection Registered() => Rejection.WrongState(
        "customer.registered", "This customer is registered already, with other values or at another time.");

    private static Rejection Taken(IdentifyCustomer c, string known) => Rejection.BrokenRule(
        "customer.external-id-taken", $"In '{c.System}' this customer is '{known}'; a customer has one id in a system.", "externalId");
}
