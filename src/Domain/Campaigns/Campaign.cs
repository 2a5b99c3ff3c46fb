using System.Collections.Immutable;

namespace Crm.Domain.Campaigns;

/// <summary>What we do, and spend, to be noticed.</summary>
public sealed record Campaign
{
    public static readonly Campaign None = new();

    public CampaignRegistered? Registered { get; private init; }

    /// <summary>As it was registered, with everything that was changed since.</summary>
    public CampaignRegistered? Details { get; private init; }

    public ImmutableDictionary<Guid, CampaignSpent> Spends { get; private init; } = ImmutableDictionary<Guid, CampaignSpent>.Empty;

    /// <summary>What it is counted in: what was spent says it, and until then its budget.</summary>
    public string? Currency => SpentIn ?? Details?.Budget?.Currency;

    public string? SpentIn { get; private init; }

    public static Campaign Evolve(Campaign state, ICampaignEvent @event) => @event switch
    {
        CampaignRegistered e => state with { Registered = e, Details = e },
        CampaignChanged e => state with { Details = e.Over(state.Details ?? new CampaignRegistered("", "")) },
        CampaignSpent e => state with { Spends = state.Spends.SetItem(e.SpendId, e), SpentIn = state.SpentIn ?? e.Amount.Currency },
        _ => state
    };
}
