using System.Collections;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Crm.EventModel;

/// <summary>What a record of a read model looks like as columns: its members, in order, in snake_case.</summary>
public sealed class RowShape
{
    private static readonly ConcurrentDictionary<Type, RowShape> Known = new();

    private readonly ConstructorInfo constructor;

    // Records compare lists by reference, everything else by what it says.
    private readonly bool hasLists;

    private RowShape(Type type)
    {
        constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        hasLists = constructor.GetParameters().Any(p => p.ParameterType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(p.ParameterType));
        Columns = [.. constructor.GetParameters().Select(p => new RowColumn(type.GetProperty(p.Name!)!))];
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public static RowShape Of(Type type) => Known.GetOrAdd(type, t => new RowShape(t));

    public object Make(object?[] values) => constructor.Invoke(values);

    /// <summary>Whether two rows say the same, lists member by member.</summary>
    public bool Same(object? one, object? other) =>
        ReferenceEquals(one, other) || (one is not null && other is not null && (one.Equals(other) || (hasLists && Columns.All(c => Same(c, one, other)))));

    private static bool Same(RowColumn column, object one, object other) => (column.Get(one), column.Get(other)) switch
    {
        (string a, string b) => a == b,
        (IEnumerable a, IEnumerable b) => a.Cast<object>().SequenceEqual(b.Cast<object>()),
        var (a, b) => Equals(a, b)
    };
}

/// <summary>A member of a row, and the column that holds it.</summary>
public sealed class RowColumn
{
    private readonly Func<object, object?> get;

    public RowColumn(PropertyInfo property)
    {
        Name = EventTypes.AliasOf(property.Name);
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        IsNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
        var row = Expression.Parameter(typeof(object));
        get = Expression.Lambda<Func<object, object?>>(
            Expression.Convert(Expression.Property(Expression.Convert(row, property.DeclaringType!), property), typeof(object)), row).Compile();
    }

    public string Name { get; }

    /// <summary>Without <c>Nullable</c>.</summary>
    public Type Type { get; }

    public bool IsNullable { get; }

    public object? Get(object row) => get(row);
}
