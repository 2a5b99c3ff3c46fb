using Crm.Domain.Calendars;
using Crm.Domain.Conditions;

namespace Crm.Domain.Customers;

/// <summary>Where the rules see a customer: in which tier, and in which stage of its lifecycle.</summary>
public static class PlaceCustomer
{
    /// <summary>What is to change, the tier first, since stages ask it; none where it stands where it belongs.</summary>
    /// <param name="playbook">The version that says so.</param>
    public static IReadOnlyList<ICustomerCommand> React(
        CustomerFacts facts, CustomerPolicy policy, long playbook, DateTimeOffset now, IZone zone)
    {
        var commands = new List<ICustomerCommand>();
        if (policy.TierRules.Count > 0 && (facts.Tier is null || facts.TierByRule))
        {
            var (tier, because) = First(policy.TierRules.Select(one => (one.Section.Key, one.When)), facts, now, zone);
            if (tier != facts.Tier)
            {
                commands.Add(new TierCustomer(tier, playbook, because));
                facts = facts with { Tier = tier };
            }
        }

        if (policy.Stages.Count > 0)
        {
            var (stage, because) = First(policy.Stages.Select(one => (one.Section.Key, one.When)), facts, now, zone);
            if (stage != facts.Lifecycle)
            {
                commands.Add(new EnterLifecycle(stage, playbook, because));
            }
        }

        return commands;
    }

    // Why it is this one: what it asks, and what those before it asked, as it stands.
    private static (string? Key, IReadOnlyDictionary<string, string> Because) First(
        IEnumerable<(string Key, Condition When)> rules, CustomerFacts facts, DateTimeOffset now, IZone zone)
    {
        var row = CustomerFields.RowOf(facts, now, zone);
        var because = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, when) in rules)
        {
            foreach (var field in when.Asked)
            {
                if (CustomerFields.Text(row(field)) is { } value)
                {
                    because[field] = value;
                }
            }

            if (when.Holds(row))
            {
                return (key, because);
            }
        }

        return (null, because);
    }
}
