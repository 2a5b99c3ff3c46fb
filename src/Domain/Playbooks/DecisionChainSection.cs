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

        foreach (var twice in Twice("/decisionChain/roles", Roles))
        {
            yield return twice;
        }
    }

    /// <summary>Roles of a list that are there twice.</summary>
    internal static IEnumerable<PlaybookFault> Twice(string at, IReadOnlyList<BuyingRole> roles) =>
        from twice in roles.Index().GroupBy(one => one.Item)
        where twice.Count() > 1
        select new PlaybookFault($"{at}/{twice.Last().Index}", "playbook.twice", $"'{BuyingRoles.Word(twice.Key)}' is there twice.");
}
