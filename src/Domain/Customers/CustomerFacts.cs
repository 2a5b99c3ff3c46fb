using Crm.Domain.Activities;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Customers;

/// <summary>What rules decide on of a customer: of itself, and of what happened with it.</summary>
/// <param name="Tier">Which it is in; null for none.</param>
/// <param name="TierByRule">Whether a rule put it there. Where a person did, rules leave it there.</param>
/// <param name="Lifecycle">The stage that it is in; null for none.</param>
/// <param name="Orders">How many it signed, and opportunities that were won and have no order; tests and junk apart.</param>
/// <param name="Rep">Who has the opportunity with it that was opened last.</param>
/// <param name="FollowedUpAt">When somebody of ours followed up last on one of its opportunities, or with it beside them, by what.</param>
public sealed record CustomerFacts(
    Guid Id,
    DateTimeOffset RegisteredAt,
    string? Industry = null,
    string? Region = null,
    string? Country = null,
    int? Employees = null,
    CustomValues? Custom = null,
    IReadOnlyList<string>? Tags = null,
    string? Tier = null,
    DateTimeOffset? TierSince = null,
    bool TierByRule = false,
    string? Lifecycle = null,
    int Orders = 0,
    DateTimeOffset? FirstOrderAt = null,
    DateTimeOffset? LastOrderAt = null,
    int OpenOpportunities = 0,
    string? Rep = null,
    string? Team = null,
    IReadOnlyDictionary<TouchKind, DateTimeOffset>? FollowedUpAt = null)
{
    public DateTimeOffset? LastTouchAt => LastOf(null);

    /// <summary>Of a customer whose rep is shut out, as if the nearest of those above him had it who is not; where there is none, as it
    /// is.</summary>
    public CustomerFacts WithRepOnDuty(IReadOnlySet<string> suspended, CustomerPolicy policy) =>
        Rep is { } rep && suspended.Contains(rep) && policy.Above(rep).FirstOrDefault(above => !suspended.Contains(above)) is { } superior
            ? this with { Rep = superior } : this;

    /// <summary>When somebody of ours followed up last in a way that counts for a tier; null for never.</summary>
    public DateTimeOffset? LastFor(TierSection tier) => LastOf(tier.Kinds);

    private DateTimeOffset? LastOf(IReadOnlyList<TouchKind>? kinds) => (FollowedUpAt ?? new Dictionary<TouchKind, DateTimeOffset>())
        .Where(one => kinds is not { Count: > 0 } || kinds.Contains(one.Key)).Select(one => (DateTimeOffset?)one.Value).Max();
}
