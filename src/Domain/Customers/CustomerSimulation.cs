using Crm.Domain.Calendars;

namespace Crm.Domain.Customers;

/// <summary>Where other rules would see the customers that there are, by the function that decides in earnest.</summary>
public sealed class CustomerSimulation(CustomerPolicy policy, DateTimeOffset now, IZone zone)
{
    private readonly Dictionary<(string? From, string? To), int> stages = [];
    private readonly Dictionary<(string? From, string? To), int> tiers = [];
    private int all;
    private int tasks;

    public void Take(CustomerFacts facts)
    {
        all++;
        foreach (var command in PlaceCustomer.React(facts, policy, playbook: 0, now, zone))
        {
            switch (command)
            {
                case TierCustomer c:
                    Count(tiers, facts.Tier, c.Tier);
                    break;
                case EnterLifecycle c:
                    Count(stages, facts.Lifecycle, c.Stage);

                    // Whoever is in no stage yet is only taken stock of.
                    tasks += facts is { Rep: not null, Lifecycle: not null } && policy.StrategyOf(c.Stage)?.Task is not null ? 1 : 0;
                    break;
            }
        }
    }

    public CustomerSimulationResult End() => new(all, Told(stages), Told(tiers), tasks);

    private static void Count(Dictionary<(string? From, string? To), int> moves, string? from, string? to) =>
        moves[(from, to)] = moves.GetValueOrDefault((from, to)) + 1;

    private static IReadOnlyList<SimulatedMove> Told(Dictionary<(string? From, string? To), int> moves) =>
    [
        .. moves.OrderBy(one => one.Key.From, StringComparer.Ordinal).ThenBy(one => one.Key.To, StringComparer.Ordinal)
            .Select(one => new SimulatedMove(one.Key.From, one.Key.To, one.Value))
    ];
}

/// <summary>Where other rules would see customers.</summary>
/// <param name="Customers">How many there are.</param>
/// <param name="Stages">How many would move from which stage to which; the others stay.</param>
/// <param name="Tiers">Likewise from tier to tier.</param>
/// <param name="Tasks">How many tasks would be made for those who have them.</param>
public sealed record CustomerSimulationResult(
    int Customers, IReadOnlyList<SimulatedMove> Stages, IReadOnlyList<SimulatedMove> Tiers, int Tasks);

/// <param name="From">Null for none, as is <paramref name="To"/>.</param>
public sealed record SimulatedMove(string? From, string? To, int Customers);
