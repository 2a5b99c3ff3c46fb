using System.Collections.Immutable;
using Crm.Domain.Activities;

namespace Crm.Domain.Customers;

/// <summary>A company that we sell to, or are about to.</summary>
public sealed record Customer
{
    public static readonly Customer None = new();

    public CustomerRegistered? Registered { get; private init; }

    /// <summary>As it was registered, with everything that was changed since.</summary>
    public CustomerRegistered? Details { get; private init; }

    /// <summary>What other systems call it, by system.</summary>
    public ImmutableDictionary<string, string> ExternalIds { get; private init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The leads that turned out to be this customer after it was registered.</summary>
    public ImmutableHashSet<CustomerLeadJoined> Leads { get; private init; } = [];

    /// <summary>How much it is looked after; null for no tier.</summary>
    public string? Tier { get; private init; }

    /// <summary>Where it is; null where nobody knows.</summary>
    public GeoPoint? Location { get; private init; }

    /// <summary>Those that belong to no opportunity, by touch.</summary>
    public ImmutableDictionary<Guid, TouchMade> Touches { get; private init; } = ImmutableDictionary<Guid, TouchMade>.Empty;

    /// <summary>Whether a rule put it there; where a person did, rules leave it there.</summary>
    public bool TierByRule { get; private init; }

    /// <summary>The stage of its lifecycle; null for none.</summary>
    public string? Lifecycle { get; private init; }

    public ImmutableArray<string> Tags { get; private init; } = [];

    public Attachments Attachments { get; private init; } = Attachments.None;

    public static Customer Evolve(Customer state, ICustomerEvent @event) => @event switch
    {
        CustomerRegistered e => state with { Registered = e, Details = e },
        CustomerChanged e => state with { Details = e.Over(state.Details ?? new CustomerRegistered("")) },
        CustomerTierSet e => state with { Tier = e.Tier, TierByRule = e.Playbook is not null },
        CustomerLocated e => state with
        {
            Location = e is { Latitude: { } latitude, Longitude: { } longitude } ? new(latitude, longitude) : null
        },
        CustomerTouched e => state with { Touches = state.Touches.SetItem(e.TouchId, new(e.Kind, e.Direction, e.Outcome, Visit: e.Visit)) },
        CustomerLifecycleEntered e => state with { Lifecycle = e.Stage },
        CustomerTagged e => state with { Tags = [.. e.Over(state.Tags)] },
        CustomerIdentified e => state with { ExternalIds = state.ExternalIds.SetItem(e.System, e.ExternalId) },
        CustomerLeadJoined e => state with { Leads = state.Leads.Add(e) },
        IAttachmentAdded e => state with { Attachments = state.Attachments.With(e.File) },
        IAttachmentRemoved e => state with { Attachments = state.Attachments.Without(e.AttachmentId) },
        _ => state
    };
}
