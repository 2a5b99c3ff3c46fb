namespace Crm.Domain.Conditions;

/// <summary>
/// Whether a condition can hold at all. It is taken apart into alternatives, and of each alternative every field is tried with the values that could make a
/// difference: none, those that are named, and those just beside and between them.
/// </summary>
public static class Satisfiability
{
    // A condition that falls into more alternatives than anybody would write is taken to be possible.
    private const int MostAlternatives = 2000;

    /// <summary>False where no row can fulfil it; true where one can, or where that cannot be told.</summary>
    public static bool CanHold(Condition condition)
    {
        var alternatives = Alternatives(condition, isWanted: true);
        return alternatives is null || alternatives.Any(literals => literals.GroupBy(literal => literal.Test.Field).All(field => CanHold(field.Key, [.. field])));
    }

    private readonly record struct Literal(Condition.Test Test, bool IsWanted);

    // Null: too many to be gone through.
    private static List<List<Literal>>? Alternatives(Condition condition, bool isWanted) => condition switch
    {
        Condition.Not not => Alternatives(not.Part, !isWanted),
        Condition.All all => isWanted ? Together(all.Parts, isWanted) : Either(all.Parts, isWanted),
        Condition.Any any => isWanted ? Either(any.Parts, isWanted) : Together(any.Parts, isWanted),
        Condition.Test test => [[new(test, isWanted)]],
        _ => null
    };

    private static List<List<Literal>>? Either(IReadOnlyList<Condition> parts, bool isWanted)
    {
        var all = new List<List<Literal>>();
        foreach (var part in parts)
        {
            if (Alternatives(part, isWanted) is not { } more || (all.Count + more.Count) > MostAlternatives)
            {
                return null;
            }

            all.AddRange(more);
        }

        return all;
    }

    private static List<List<Literal>>? Together(IReadOnlyList<Condition> parts, bool isWanted)
    {
        List<List<Literal>> all = [[]];
        foreach (var part in parts)
        {
            if (Alternatives(part, isWanted) is not { } more || (long)all.Count * more.Count > MostAlternatives)
            {
                return null;
            }

            all = [.. all.SelectMany(_ => more, (one, other) => (List<Literal>)[.. one, .. other])];
        }

        return all;
    }

    private static bool CanHold(Field field, IReadOnlyList<Literal> literals)
    {
        if (literals.Any(one => literals.Any(other => one.IsWanted && !other.IsWanted && Same(one.Test, other.Test))))
        {
            return false;
        }

        // What is asked of parts of a text, or of a list of texts, is not thought through.
        return literals.Any(literal => literal.Test.Operator is Operator.Contains or Operator.StartsWith or Operator.Has)
            || Candidates(field.Kind, literals).Any(value => literals.All(literal => Comparison.Holds(literal.Test, value) == literal.IsWanted));
    }

    private static bool Same(Condition.Test one, Condition.Test other) => one.Operator == other.Operator && one.Values.SequenceEqual(other.Values);

    private static IEnumerable<object?> Candidates(FieldKind kind, IReadOnlyList<Literal> literals)
    {
        var named = literals.Where(literal => literal.Test.Operator != Operator.IsNull).SelectMany(literal => literal.Test.Values).ToList();
        return [null, .. named, .. named.SelectMany(Beside), .. kind == FieldKind.Truth ? [true, false] : Any(kind)];
    }

    // Numbers and times have a neighbour on each side; so do texts, by their code points.
    private static object[] Beside(object value) => value switch
    {
        decimal number => [number - 0.000001m, number + 0.000001m],
        DateTimeOffset instant => [instant.AddTicks(-10), instant.AddTicks(10)],
        DateOnly day => [day.AddDays(-1), day.AddDays(1)],
        string text => text.Length == 0 ? [text + "\u0001"] : [text + "\u0001", text[..^1]],
        _ => []
    };

    private static object[] Any(FieldKind kind) => kind switch
    {
        FieldKind.Number or FieldKind.Amount => [0m],
        FieldKind.Instant => [DateTimeOffset.UnixEpoch],
        FieldKind.Day => [DateOnly.FromDateTime(DateTime.UnixEpoch)],
        FieldKind.Id => [new Guid(0x5f1d7f0e, 0x7c39, 0x4f0c, 0x9d, 0x39, 0x5b, 0x0f, 0x6b, 0x1a, 0x8e, 0x52)],
        FieldKind.Text => ["", "\U0010FFFF"],
        _ => []
    };
}
