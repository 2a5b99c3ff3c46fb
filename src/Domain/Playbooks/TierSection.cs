using Crm.Domain.Activities;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>How much customers are looked after.</summary>
/// <param name="Key">By which customers name it, such as <c>A</c>.</param>
/// <param name="Name">Such as 战略客户.</param>
/// <param name="VisitEveryDays">How many days go by at most until somebody of ours follows up again.</param>
/// <param name="Kinds">By what; left out, by anything.</param>
public sealed record TierSection(
    [Text(20)] string Key, [Text(80)] string Name, [Between(1, 730)] int VisitEveryDays, [Items(10)] IReadOnlyList<TouchKind>? Kinds = null)
{
    internal static IEnumerable<PlaybookFault> Faults(IReadOnlyList<TierSection>? tiers) =>
        PlaybookFault.Twice("/tiers", (tiers ?? []).Select(tier => tier.Key));
}
