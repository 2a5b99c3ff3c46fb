using Crm.Domain.Conditions;
using Crm.Projections.Tasks;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Tasks;

/// <summary>What lists, boards and calendars ask of tasks, in the same words.</summary>
internal static class TaskIs
{
    public static readonly Condition Open = State(TaskList.Open);

    public static Condition Overdue(DateTimeOffset at) => new Condition.All([Open, Test("dueAt", Operator.Lt, at)]);

    /// <summary>Open, and due from one moment on and before another.</summary>
    public static Condition DueWithin(DateTimeOffset from, DateTimeOffset to) =>
        new Condition.All([Open, Test("dueAt", Operator.Gte, from), Test("dueAt", Operator.Lt, to)]);

    public static Condition DoneSince(DateTimeOffset from) => new Condition.All([State(TaskList.Done), Test("doneAt", Operator.Gte, from)]);

    public static Condition CancelledSince(DateTimeOffset from) =>
        new Condition.All([State(TaskList.Cancelled), Test("cancelledAt", Operator.Gte, from)]);

    public static Condition Of(string rep) => Test("rep", Operator.Eq, rep);

    private static Condition.Test State(string state) => Test("state", Operator.Eq, state);

    private static Condition.Test Test(string field, Operator @operator, object value) =>
        new(TaskAnswer.List.Fields[field].Field, @operator, [value]);
}
