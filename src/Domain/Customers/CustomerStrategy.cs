using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Domain.Customers;

/// <summary>Whoever has a customer that comes to a stage does what the stage's strategy says.</summary>
public static class CustomerStrategy
{
    /// <param name="rules">Since when the playbook in force is.</param>
    /// <returns>
    /// Null where the strategy has no task, where the customer is nobody's, and where an older customer is only taken stock of for the
    /// first time: it did not come to anything.
    /// </returns>
    public static OpenTask? TaskOf(
        CustomerLifecycleEntered entered, CustomerFacts facts, CustomerPolicy policy, DateTimeOffset rules, Guid cause, string automation,
        DateTimeOffset now) =>
        policy.StrategyOf(entered.Stage) is { Task: { } task } strategy && facts.Rep is { } rep
            && (entered.From is not null || facts.RegisteredAt >= rules)
            ? new(task.Title, strategy.Key, now.AddDays(task.DueDays), new About(AboutKind.Customer, facts.Id), rep, facts.Team,
                Cause: new TaskCause(automation, cause))
            : null;
}
