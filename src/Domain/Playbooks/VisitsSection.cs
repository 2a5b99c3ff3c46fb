namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>When a visit counts as made at the customer's address, and what speaks against one.</summary>
/// <param name="WithinMetres">From the address.</param>
/// <param name="MaximumAccuracyMetres">Within so many metres a phone has to know its position.</param>
/// <param name="FastestKmh">So fast, as the crow flies, people come from one visit to the next at most.</param>
/// <param name="Photos">How many photos a visit has at least.</param>
/// <param name="ToldWithinHours">So soon phones tell of visits; they do when they are in a network again.</param>
/// <param name="Ticks">What can be ticked off at a visit, in its order.</param>
public sealed record VisitsSection(
    [Between(1, 100_000)] int WithinMetres = 300, [Between(1, 10_000)] int MaximumAccuracyMetres = 100,
    [Between(1, 2_000)] int FastestKmh = 150, [Between(0, 20)] int Photos = 0, [Between(1, 8_760)] int ToldWithinHours = 24,
    [Items(100)] IReadOnlyList<TickSection>? Ticks = null)
{
    /// <summary>What holds where a playbook says nothing of visits.</summary>
    public static readonly VisitsSection Usual = new();

    internal static IEnumerable<PlaybookFault> Faults(VisitsSection? visits) =>
        PlaybookFault.Twice("/visits/ticks", (visits?.Ticks ?? []).Select(tick => tick.Key));
}

/// <param name="Key">By which phones name it, such as <c>shelf-checked</c>.</param>
/// <param name="Name">Such as 陈列已检查.</param>
public sealed record TickSection([Text(40)] string Key, [Text(80)] string Name);
