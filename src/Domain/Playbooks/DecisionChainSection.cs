using Crm.Domain.Contacts;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>Whom we have to know at a customer before it can decide to buy.</summary>
/// <param name="Roles">What somebody known there should do in its decisions; each once.</param>
public sealed record DecisionChainSection([Items(4)] IReadOnlyList<BuyingRole> Roles)
{
    /// <summary>What is asked for where a playbook says nothing: all there are.</summary>
    public static IReadOnlyList<BuyingRole> RolesOf(PlaybookDocument? document) => document?.DecisionChain?.Roles ?? BuyingRoles.All;

    internal IEnumerable<PlaybookFault> Faults()
    {
        if (Roles.Count == 0)
        {
            yield return new("/decisionChain/roles", "playbook.decision-chain-empty",
                "Ask for a role, or leave decisionChain out to ask for all of them.");
        }

        foreach (var twice in Roles.Select((role, i) => (role, i)).GroupBy(one => one.role).Where(same => same.Count() > 1))
        {
            yield return new($"/decisionChain/roles/{twice.Last().i}", "playbook.twice",
                $"'{BuyingRoles.Word(twice.Key)}' is there twice.");
        }
    }
}
