namespace Crm.Domain.Conditions;

/// <summary>The fields that there are, and what a bare day means among instants.</summary>
/// <param name="DayBegins">The first instant of a day where the tenant is.</param>
public sealed record Vocabulary(IReadOnlyDictionary<string, Field> Fields, Func<DateOnly, DateTimeOffset> DayBegins)
{
    /// <summary>Of fields that have one of a few values only: which.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Choices { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>A condition being read, in whichever way it is written: counts what there is of it and notes all that is wrong.</summary>
public sealed class ConditionReading(Vocabulary vocabulary)
{
    public const int MostConditions = 50;
    public const int MostValues = 100;
    public const int Deepest = 5;

    private readonly List<ConditionFault> faults = [];
    private int conditions;
    private int groups;

    public IReadOnlyList<ConditionFault> Faults => faults;

    /// <summary>Whether there is room for one more; the first that is too many is noted.</summary>
    public bool Counts(string where, bool isGroup = false)
    {
        var count = isGroup ? ++groups : ++conditions;
        if (count == MostConditions + 1)
        {
            Wrong(where, ConditionError.TooMany, $"At most {MostConditions} {(isGroup ? "groups" : "conditions")} fit.");
        }

        return count <= MostConditions;
    }

    /// <summary>Reading on would tell nothing more.</summary>
    public bool IsFull => conditions > MostConditions || groups > MostConditions;

    public Field? Field(string where, string name) => vocabulary.Fields.TryGetValue(name, out var field)
        ? field
        : Wrong<Field>(where, ConditionError.UnknownField, $"There is no field '{Short(name)}' here.", name);

    public bool Suits(string where, Field field, Operator @operator)
    {
        if (field.Kind.Operators().Contains(@operator))
        {
            return true;
        }

        Wrong(where, ConditionError.NotOneOf, $"{field.Name} can be asked for with {string.Join(", ", field.Kind.Operators().Select(Spelling.Of))}.");
        return false;
    }

    /// <summary>The values, when all of them are of the field's kind.</summary>
    public IReadOnlyList<object>? Values(string where, Field field, IReadOnlyList<(string Where, WrittenValue Value)> written)
    {
        if (written.Count is 0 or > MostValues)
        {
            return Wrong<IReadOnlyList<object>>(where, written.Count == 0 ? ConditionError.Missing : ConditionError.TooMany, $"Send 1 to {MostValues} values.");
        }

        var values = written.Select(w => Value(w.Where, field, w.Value)).ToList();
        return values.Contains(null) ? null : [.. values.OfType<object>()];
    }

    public void Wrong(string where, ConditionError error, string message) => faults.Add(new ConditionFault(where, error, message));

    internal static string Short(string text) => text.Length <= 60 ? text : text[..(char.IsHighSurrogate(text[59]) ? 59 : 60)] + "…";

    private object? Value(string where, Field field, WrittenValue written)
    {
        var (value, error, message) = Operand.Read(field, written, vocabulary.DayBegins);
        if (value is null)
        {
            Wrong(where, error, message!);
        }

        return value;
    }

    private T? Wrong<T>(string where, ConditionError error, string message, string? name = null) where T : class
    {
        faults.Add(new ConditionFault(where, error, message, name));
        return null;
    }
}

/// <summary>A value as it was written.</summary>
/// <param name="Form">Text in quotes, a number, <c>true</c> or <c>false</c>, or a word of the short form, which may be any of them.</param>
public sealed record WrittenValue(string Text, WrittenForm Form);

public enum WrittenForm
{
    Text,
    Number,
    Truth,
    Word
}
