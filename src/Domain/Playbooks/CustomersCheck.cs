using Crm.Domain.Conditions;
using Crm.Domain.Customers;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against the tiers of customers and their lifecycle: above all, what no customer could ever come to.</summary>
internal static class CustomersCheck
{
    public static IEnumerable<PlaybookFault> Of(PlaybookDocument document)
    {
        var (tiers, stages) = (document.Tiers ?? [], document.Lifecycle?.Stages ?? []);
        IEnumerable<PlaybookFault> empty = document.Lifecycle is { Stages.Count: 0 }
            ? [new("/lifecycle/stages", "playbook.lifecycle-empty", "Name a stage, or leave lifecycle out.")] : [];
        return
        [
            .. PlaybookFault.Twice("/tiers", tiers.Select(tier => tier.Key)),
            .. Rules("/tiers", CustomerFields.ForTiers(document), [.. tiers.Select(tier => (tier.When, tier.When is not null))]),
            .. empty,
            .. PlaybookFault.Twice("/lifecycle/stages", stages.Select(stage => stage.Key)),
            .. Rules("/lifecycle/stages", CustomerFields.ForLifecycle(document), [.. stages.Select(stage => (stage.When, true))])
        ];
    }

    // The first that holds takes a customer; what is left for the others may be nothing.
    private static List<PlaybookFault> Rules(
        string at, Vocabulary vocabulary, IReadOnlyList<(UnreadCondition? When, bool IsRule)> rules)
    {
        var faults = new List<PlaybookFault>();
        List<Condition> before = [];
        foreach (var (i, (unread, _)) in rules.Index().Where(one => one.Item.IsRule))
        {
            var (place, known) = ($"{at}/{i}/when", faults.Count);
            var when = Read(place, unread, vocabulary, faults);
            if (faults.Count > known)
            {
                continue;
            }

            if (!Satisfiability.CanHold(new Condition.All([when, .. before.Select(other => new Condition.Not(other))])))
            {
                faults.Add(new(place, "playbook.rule-never-fires", Satisfiability.CanHold(when)
                    ? "Every customer for which this holds is taken by one before it." : "No customer can be so."));
            }

            before.Add(when);
        }

        return faults;
    }

    private static Condition Read(string at, UnreadCondition? condition, Vocabulary vocabulary, List<PlaybookFault> faults)
    {
        if (condition is null)
        {
            return Condition.Everything;
        }

        faults.AddRange(condition.Faults(at, vocabulary, out var read));
        return read ?? Condition.Everything;
    }
}
