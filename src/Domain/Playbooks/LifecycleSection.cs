using Crm.Domain.Conditions;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>How far customers have come with us.</summary>
/// <param name="Stages">A customer is in the first whose condition holds, and in none where none does.</param>
public sealed record LifecycleSection([Items(20)] IReadOnlyList<LifecycleStageSection> Stages);

/// <param name="Key">By which customers name it, such as <c>lapsed</c>.</param>
/// <param name="Name">Such as 流失客户.</param>
/// <param name="When">Which customers are in it; left out, all that are in none before it.</param>
/// <param name="Strategy">What is done with those who come to it; left out, nothing by itself.</param>
public sealed record LifecycleStageSection(
    [Text(20)] string Key, [Text(80)] string Name, UnreadCondition? When = null, StrategySection? Strategy = null);

/// <param name="Key">By which the task names it, such as <c>win-back</c>.</param>
/// <param name="Name">Such as 挽回.</param>
/// <param name="Task">What whoever has the customer is to do, each time that it comes to the stage; left out, no task is made.</param>
public sealed record StrategySection([Text(40)] string Key, [Text(80)] string Name, StrategyTaskSection? Task = null);

/// <param name="Title">Such as 回访并了解流失原因.</param>
/// <param name="DueDays">How many times 24 hours after that it is due.</param>
public sealed record StrategyTaskSection([Text(200)] string Title, [Between(1, 730)] int DueDays = 7);
