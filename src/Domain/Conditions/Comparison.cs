using System.Globalization;
using System.Text;

namespace Crm.Domain.Conditions;

/// <summary>Whether one value is as a condition wants it.</summary>
public static class Comparison
{
    public static bool Holds(Condition.Test test, object? value) => HoldsOf(test, value is string text ? Meant(test.Field, text) : value);

    /// <summary>The order of values of one kind: of texts by code points, as the database has it.</summary>
    public static int Compare(object one, object other) => (one, other) switch
    {
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (DateOnly a, DateOnly b) => a.CompareTo(b),
        (bool a, bool b) => a.CompareTo(b),
        (Guid a, Guid b) => string.CompareOrdinal(a.ToString("N"), b.ToString("N")),
        _ => Number(one).CompareTo(Number(other))
    };

    // Fields that a playbook adds are kept as texts; one that meant something else when it was written is not known.
    private static object? Meant(Field field, string text) => field.Kind is FieldKind.Number or FieldKind.Day or FieldKind.Truth
        ? Operand.Read(field, new WrittenValue(text, WrittenForm.Word), _ => default).Value
        : text;

    private static bool HoldsOf(Condition.Test test, object? value) => (test.Operator, value) switch
    {
        (Operator.IsNull, _) => value is null == (bool)test.Values[0],
        (Operator.Ne, null) => true,
        (_, null) => false,
        (Operator.Eq or Operator.In, _) => test.Values.Any(wanted => Compare(value, wanted) == 0),
        (Operator.Ne, _) => Compare(value, test.Values[0]) != 0,
        (Operator.Gt, _) => Compare(value, test.Values[0]) > 0,
        (Operator.Gte, _) => Compare(value, test.Values[0]) >= 0,
        (Operator.Lt, _) => Compare(value, test.Values[0]) < 0,
        (Operator.Lte, _) => Compare(value, test.Values[0]) <= 0,
        (Operator.Contains, string text) => CaseFolding.Fold(text).Contains(CaseFolding.Fold((string)test.Values[0]), StringComparison.Ordinal),
        (Operator.StartsWith, string text) => CaseFolding.Fold(text).StartsWith(CaseFolding.Fold((string)test.Values[0]), StringComparison.Ordinal),
        (Operator.Has, IEnumerable<string> texts) => texts.Contains((string)test.Values[0], StringComparer.Ordinal),
        _ => throw new InvalidOperationException($"{test.Operator} is not for {test.Field.Kind}.")
    };

    private static decimal Number(object value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture);
}
