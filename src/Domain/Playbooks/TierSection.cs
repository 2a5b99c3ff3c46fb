using Crm.Domain.Activities;
using Crm.Domain.Conditions;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>How much customers are looked after.</summary>
/// <param name="Key">By which customers name it, such as <c>A</c>.</param>
/// <param name="Name">Such as 战略客户.</param>
/// <param name="VisitEveryDays">How many days go by at most until somebody of ours follows up again.</param>
/// <param name="Kinds">By what; left out, by anything.</param>
/// <param name="When">
/// Which customers come to it by themselves; of several tiers the first whose condition holds. Left out, only people put customers into it.
/// </param>
/// <param name="SuperiorAfterDays">
/// So many days after somebody should have followed up the superior is told, too; left out, he is not.
/// </param>
public sealed record TierSection(
    [Text(20)] string Key, [Text(80)] string Name, [Between(1, 730)] int VisitEveryDays, [Items(10)] IReadOnlyList<TouchKind>? Kinds = null,
    UnreadCondition? When = null, [Between(1, 730)] int? SuperiorAfterDays = null);
