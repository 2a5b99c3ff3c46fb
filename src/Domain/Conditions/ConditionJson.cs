using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Domain.Conditions;

/// <summary>
/// Conditions as JSON: <c>{"all":[…]}</c>, <c>{"any":[…]}</c>, <c>{"not":…}</c>, or <c>{"field":"amount","operator":"gte","value":"1000"}</c>.
/// </summary>
public static class ConditionJson
{
    private static readonly IReadOnlyList<string> Groups = ["all", "any", "not"];
    private static readonly IReadOnlyList<string> Members = [.. Groups, "field", "operator", "value"];

    /// <summary>The condition; null when the reading has found faults.</summary>
    public static Condition? Read(JsonElement json, ConditionReading reading) => Read(json, "", 0, reading);

    public static JsonObject Write(Condition condition) => condition switch
    {
        Condition.All all => new() { ["all"] = new JsonArray([.. all.Parts.Select(Write)]) },
        Condition.Any any => new() { ["any"] = new JsonArray([.. any.Parts.Select(Write)]) },
        Condition.Not not => new() { ["not"] = Write(not.Part) },
        Condition.Test test => new()
        {
            ["field"] = test.Field.Name,
            ["operator"] = Spelling.Of(test.Operator),
            ["value"] = test.Operator == Operator.In ? new JsonArray([.. test.Values.Select(value => Value(test.Field, value))]) : Value(test.Field, test.Values[0])
        },
        _ => throw new InvalidOperationException($"{condition.GetType().Name} is no condition.")
    };

    private static Condition? Read(JsonElement json, string at, int depth, ConditionReading reading)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            reading.Wrong(at, ConditionError.WrongType, "A condition is an object: { … }.");
            return null;
        }

        if (MembersOf(json, at, reading) is not { } members)
        {
            return null;
        }

        var groups = Groups.Where(members.ContainsKey).ToList();
        if (members.Count > 1 && groups.Count > 0)
        {
            reading.Wrong(at, ConditionError.NotTogether, "A condition has one of all, any and not, or else field, operator and value.");
            return null;
        }

        // Groups are counted as well: else a body full of empty ones would be gone through to its end.
        if (!reading.Counts(at, isGroup: groups.Count > 0))
        {
            return null;
        }

        if (groups is not [var group])
        {
            return Test(members, at, reading);
        }

        if (depth == ConditionReading.Deepest)
        {
            reading.Wrong(at, ConditionError.TooDeep, $"Groups may lie {ConditionReading.Deepest} deep in each other.");
            return null;
        }

        var (inner, place) = (members[group], $"{at}/{group}");
        return group == "not" ? Read(inner, place, depth + 1, reading) is { } part ? new Condition.Not(part) : null
            : Parts(inner, place, depth, reading) is not { } parts ? null
            : group == "all" ? new Condition.All(parts) : new Condition.Any(parts);
    }

    private static List<Condition>? Parts(JsonElement json, string at, int depth, ConditionReading reading)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            reading.Wrong(at, ConditionError.WrongType, "Write the conditions of a group as a list: [ … ].");
            return null;
        }

        var parts = new List<Condition?>();
        foreach (var part in json.EnumerateArray())
        {
            if (reading.IsFull)
            {
                return null;
            }

            parts.Add(Read(part, $"{at}/{parts.Count}", depth + 1, reading));
        }

        return parts.Contains(null) ? null : [.. parts.OfType<Condition>()];
    }

    private static Condition.Test? Test(Dictionary<string, JsonElement> members, string at, ConditionReading reading)
    {
        var (name, word) = (Text("field"), Text("operator"));
        var field = name is null ? null : reading.Field($"{at}/field", name);
        var op = word is null ? null : Spelling.Operator(word);
        if (word is not null && op is null)
        {
            reading.Wrong($"{at}/operator", ConditionError.NotOneOf, $"'{ConditionReading.Short(word)}' is not one of {string.Join(", ", Spelling.All)}.");
        }

        if (field is null || op is not { } found || !reading.Suits($"{at}/operator", field, found))
        {
            return null;
        }

        var given = members.TryGetValue("value", out var value) && value.ValueKind != JsonValueKind.Null;
        if (found == Operator.IsNull)
        {
            return !given || value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? new Condition.Test(field, found, [!given || value.GetBoolean()])
                : Wrong("isNull takes true, false, or no value.");
        }

        if (!given)
        {
            reading.Wrong($"{at}/value", ConditionError.Missing, "Send a value; to ask for what is not known, use isNull.");
            return null;
        }

        if (found == Operator.In != (value.ValueKind == JsonValueKind.Array))
        {
            return Wrong(found == Operator.In ? "in takes a list of values: [ … ]." : $"{word} takes one value.");
        }

        (string Where, JsonElement Value)[] written = found == Operator.In
            ? [.. value.EnumerateArray().Take(ConditionReading.MostValues + 1).Select((v, i) => ($"{at}/value/{i}", v))]
            : [($"{at}/value", value)];
        var words = written.Select(w => (w.Where, Value: Written(w.Where, w.Value, reading))).ToList();
        return words.All(w => w.Value is not null) && reading.Values($"{at}/value", field, words!) is { } values ? new Condition.Test(field, found, values) : null;

        Condition.Test? Wrong(string message)
        {
            reading.Wrong($"{at}/value", ConditionError.WrongType, message);
            return null;
        }

        string? Text(string member)
        {
            if (members.TryGetValue(member, out var json) && json.ValueKind == JsonValueKind.String)
            {
                return Written($"{at}/{member}", json, reading)?.Text;
            }

            reading.Wrong($"{at}/{member}", members.ContainsKey(member) ? ConditionError.WrongType : ConditionError.Missing, $"{member} is required, as text.");
            return null;
        }
    }

    private static WrittenValue? Written(string at, JsonElement value, ConditionReading reading)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return new WrittenValue(value.GetRawText(), WrittenForm.Number);
            case JsonValueKind.True or JsonValueKind.False:
                return new WrittenValue(value.GetBoolean() ? "true" : "false", WrittenForm.Truth);
            case JsonValueKind.String when Unicode(value.GetString) is { } text:
                return new WrittenValue(text, WrittenForm.Text);
            case JsonValueKind.String:
                reading.Wrong(at, ConditionError.BadText, "The text is not valid Unicode.");
                return null;
            default:
                reading.Wrong(at, ConditionError.WrongType, "A value is text, a number, true or false.");
                return null;
        }
    }

    // Null when one of them is wrong.
    private static Dictionary<string, JsonElement>? MembersOf(JsonElement json, string at, ConditionReading reading)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (var member in json.EnumerateObject())
        {
            var name = Unicode(() => member.Name);
            if (name is null || !Members.Contains(name))
            {
                reading.Wrong(at, ConditionError.UnknownMember, $"A condition has no member '{ConditionReading.Short(name ?? "�")}'; it has {string.Join(", ", Members)}.");
                return null;
            }

            if (!members.TryAdd(name, member.Value))
            {
                reading.Wrong(at, ConditionError.NotTogether, $"'{name}' is given more than once.");
                return null;
            }
        }

        return members;
    }

    // The parser lets half a surrogate pair through and throws here.
    private static string? Unicode(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonNode Value(Field field, object value) => value switch
    {
        bool truth => truth,
        decimal number when field.Kind == FieldKind.Number => number,
        _ => Operand.Text(value)
    };
}
