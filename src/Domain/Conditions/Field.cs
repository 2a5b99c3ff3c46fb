namespace Crm.Domain.Conditions;

/// <summary>What can be asked about: its name, and which values it has.</summary>
public sealed record Field(string Name, FieldKind Kind);

public enum FieldKind
{
    Text,
    Number,
    Amount,
    Instant,
    Day,
    Truth,
    Id,
    Texts
}

/// <summary>How a field is compared; in JSON in camelCase.</summary>
public enum Operator
{
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    Contains,
    StartsWith,
    IsNull,
    Has
}

public static class FieldKinds
{
    private static readonly IReadOnlyList<Operator> Ordered =
        [Operator.Eq, Operator.Ne, Operator.Gt, Operator.Gte, Operator.Lt, Operator.Lte, Operator.In, Operator.IsNull];

    /// <summary>What may be asked of a field of this kind.</summary>
    public static IReadOnlyList<Operator> Operators(this FieldKind kind) => kind switch
    {
        FieldKind.Text => [.. Ordered, Operator.Contains, Operator.StartsWith],
        FieldKind.Truth => [Operator.Eq, Operator.Ne, Operator.IsNull],
        FieldKind.Id => [Operator.Eq, Operator.Ne, Operator.In, Operator.IsNull],
        FieldKind.Texts => [Operator.Has],
        _ => Ordered
    };
}
