namespace Crm.Domain.Conditions;

/// <summary>
/// What must be so of a row. Every condition holds or does not: a comparison with what is not known does not hold, and <c>not</c> turns
/// either into the other.
/// </summary>
public abstract record Condition
{
    /// <summary>Each of the parts; with none it always holds.</summary>
    public sealed record All(IReadOnlyList<Condition> Parts) : Condition;

    /// <summary>At least one of the parts; with none it never holds.</summary>
    public sealed record Any(IReadOnlyList<Condition> Parts) : Condition;

    public sealed record Not(Condition Part) : Condition;

    /// <param name="Values">One, but for <see cref="Operator.In"/>. Texts, decimals, instants, days, truths or ids, as the field is.</param>
    public sealed record Test(Field Field, Operator Operator, IReadOnlyList<object> Values) : Condition;

    public static readonly Condition Everything = new All([]);

    /// <summary>The fields that it asks.</summary>
    public IEnumerable<string> Asked => this switch
    {
        All all => all.Parts.SelectMany(part => part.Asked),
        Any any => any.Parts.SelectMany(part => part.Asked),
        Not not => not.Part.Asked,
        Test test => [test.Field.Name],
        _ => []
    };

    /// <param name="row">The value of a field by its name; null where it is not known.</param>
    public bool Holds(Func<string, object?> row) => this switch
    {
        All all => all.Parts.All(part => part.Holds(row)),
        Any any => any.Parts.Any(part => part.Holds(row)),
        Not not => !not.Part.Holds(row),
        Test test => Comparison.Holds(test, row(test.Field.Name)),
        _ => throw new InvalidOperationException($"{GetType().Name} is no condition.")
    };
}
