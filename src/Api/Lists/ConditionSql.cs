using Crm.Domain.Conditions;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api.Lists;

/// <summary>
/// Conditions in SQL. What PostgreSQL leaves unknown does not hold, at the outside and within <c>all</c> and <c>any</c> alike; only a
/// <c>not</c> has to be told.
/// </summary>
internal sealed class ConditionSql(RecordList list, NpgsqlCommand command)
{
    public string Of(Condition condition) => condition switch
    {
        Condition.All { Parts: [] } => "true",
        Condition.Any { Parts: [] } => "false",
        Condition.All all => $"({string.Join(" and ", all.Parts.Select(Of))})",
        Condition.Any any => $"({string.Join(" or ", any.Parts.Select(Of))})",
        Condition.Not not => $"(({Of(not.Part)}) is not true)",
        Condition.Test test => Test(test, list.FieldOf(test.Field)),
        _ => throw new InvalidOperationException($"{condition.GetType().Name} is no condition.")
    };

    private string Test(Condition.Test test, ListField field) => test.Operator switch
    {
        Operator.IsNull => $"{field.Sql} is {((bool)test.Values[0] ? "" : "not ")}null",
        Operator.Ne => $"{field.Sql} is distinct from {One(test, field)}",
        Operator.In => $"{field.Sql} = any({command.Parameter(Many(test, field))})",
        Operator.Has => $"{One(test, field)} = any(r.{field.Column.Name})",
        Operator.Contains => Folded(test, field, (text, part) => $"strpos({text}, {part}) > 0"),
        Operator.StartsWith => Folded(test, field, (text, part) => $"starts_with({text}, {part})"),
        _ => $"{field.Sql} {Sign(test.Operator)} {One(test, field)}"
    };

    private string One(Condition.Test test, ListField field) => command.Parameter(field.InSql(test.Values[0]));

    // Capitals beyond ASCII cost time, and make no difference to a word that has none of their small letters.
    private string Folded(Condition.Test test, ListField field, Func<string, string, string> sql)
    {
        var part = CaseFolding.Fold((string)test.Values[0]);
        var text = $"lower({field.Sql})";
        if (CaseFolding.NeedsPairs(part))
        {
            text = $"translate({text}, {command.Parameter(CaseFolding.Large)}, {command.Parameter(CaseFolding.Small)})";
        }

        return sql(text, command.Parameter(part));
    }

    private static string Sign(Operator @operator) => @operator switch
    {
        Operator.Gt => ">",
        Operator.Gte => ">=",
        Operator.Lt => "<",
        Operator.Lte => "<=",
        _ => "="
    };

    private static Array Many(Condition.Test test, ListField field) => test.Field.Kind switch
    {
        FieldKind.Day when field.InSql(test.Values[0]) is string => test.Values.Select(field.InSql).Cast<string>().ToArray(),
        FieldKind.Text => test.Values.Cast<string>().ToArray(),
        FieldKind.Number or FieldKind.Amount => test.Values.Cast<decimal>().ToArray(),
        FieldKind.Instant => test.Values.Cast<DateTimeOffset>().ToArray(),
        FieldKind.Day => test.Values.Cast<DateOnly>().ToArray(),
        FieldKind.Id => test.Values.Cast<Guid>().ToArray(),
        _ => throw new InvalidOperationException($"No list of values is compared with {test.Field.Kind}.")
    };
}
