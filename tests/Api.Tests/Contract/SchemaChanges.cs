using System.Text.Json.Nodes;

namespace Crm.Api.Tests.Contract;

/// <summary>
/// What is worse in a schema than it was. A request may be allowed more than before and never less; an answer may promise more and never less.
/// </summary>
internal sealed class SchemaChanges(JsonNode released, JsonNode served, bool isAnswer, List<string> found)
{
    private static readonly string[] Upper = ["maxLength", "maximum", "maxItems"];
    private static readonly string[] Lower = ["minLength", "minimum", "minItems"];

    // The pairs of named schemas that are being compared just now.
    private HashSet<(string?, string?)> within = [];

    public JsonNode Released(JsonNode node) => Resolve(released, node);

    public JsonNode Served(JsonNode node) => Resolve(served, node);

    public void Compare(string at, JsonNode? was, JsonNode? now)
    {
        // A record inside itself has been compared where it began.
        var pair = (NameOf(was), NameOf(now));
        var isNamed = pair is not (null, null);
        if (was is null || (isNamed && !within.Add(pair)))
        {
            return;
        }

        CompareOnce(at, was, now);
        if (isNamed)
        {
            within.Remove(pair);
        }
    }

    private void CompareOnce(string at, JsonNode was, JsonNode? now)
    {
        if (now is null)
        {
            if (isAnswer)
            {
                found.Add($"{at} may be anything now");
            }

            return;
        }

        var (before, after) = (Choices(released, Released(was)), Choices(served, Served(now)));
        if (before.Count == 1 && after.Count == 1)
        {
            CompareOne(at, before[0], after[0]);
        }
        else
        {
            CompareChoices(at, before, after);
        }

        CompareTypes(at, before, after);
    }

    // Each of those that were allowed has to be still, or each that is promised has to have been.
    private void CompareChoices(string at, List<JsonNode> before, List<JsonNode> after)
    {
        foreach (var choice in isAnswer ? after : before)
        {
            var others = isAnswer ? before : after;
            var fits = others.Any(other =>
            {
                var trial = new SchemaChanges(released, served, isAnswer, []) { within = [.. within] };
                trial.CompareOne("", isAnswer ? other : choice, isAnswer ? choice : other);
                trial.CompareTypes("", [isAnswer ? other : choice], [isAnswer ? choice : other]);
                return trial.IsClean;
            });
            if (!fits)
            {
                found.Add($"{at} {(isAnswer ? "may be something new" : "may no longer be all that it was")}");
            }
        }
    }

    private bool IsClean => found.Count == 0;

    private void CompareOne(string at, JsonNode was, JsonNode now)
    {
        if ($"{was["format"]}" != $"{now["format"]}")
        {
            found.Add($"{at} has the format {now["format"] ?? "none"}, was {was["format"] ?? "none"}");
        }

        if (!isAnswer)
        {
            CompareLimits(at, was, now);
        }

        CompareMembers(at, was, now);
        Compare($"{at}/*", was["items"], now["items"]);
        if (was["additionalProperties"] is JsonObject values)
        {
            Compare($"{at}/*", values, now["additionalProperties"] as JsonObject);
        }
    }

    private void CompareMembers(string at, JsonNode was, JsonNode now)
    {
        foreach (var (name, member) in BreakingChanges.Members(was["properties"]))
        {
            if (now["properties"]?[name] is { } other)
            {
                Compare($"{at}/{name}", member, other);
            }
            else
            {
                found.Add($"{at}/{name} is gone");
            }
        }

        var (before, after) = (Words(was["required"]), Words(now["required"]));
        foreach (var name in isAnswer ? before.Except(after).Where(name => now["properties"]?[name] is not null) : after.Except(before))
        {
            found.Add($"{at}/{name} {(isAnswer ? "may be left out now" : "is required now")}");
        }
    }

    private void CompareLimits(string at, JsonNode was, JsonNode now)
    {
        foreach (var limit in Upper)
        {
            if (Number(now[limit]) is { } limited && (Number(was[limit]) is not { } before || limited < before))
            {
                found.Add($"{at} has {limit} {limited} now");
            }
        }

        foreach (var limit in Lower)
        {
            if (Number(now[limit]) is { } limited && (Number(was[limit]) is not { } before || limited > before))
            {
                found.Add($"{at} has {limit} {limited} now");
            }
        }

        if (now["pattern"] is { } pattern && $"{pattern}" != $"{was["pattern"]}")
        {
            found.Add($"{at} has the pattern {pattern} now");
        }

        if (now["enum"] is null)
        {
            return;
        }

        if (was["enum"] is null)
        {
            found.Add($"{at} is one of a few words now");
        }

        foreach (var word in Words(was["enum"]).Except(Words(now["enum"])))
        {
            found.Add($"{at} may no longer be '{word}'");
        }
    }

    private void CompareTypes(string at, List<JsonNode> before, List<JsonNode> after)
    {
        var (were, are) = (before.SelectMany(Types).Distinct().ToList(), after.SelectMany(Types).Distinct().ToList());
        if (were.Count == 0 || are.Count == 0)
        {
            // No type is any type.
            if (were.Count != are.Count && isAnswer == (are.Count == 0))
            {
                found.Add($"{at} is of another type");
            }

            return;
        }

        var lost = (isAnswer ? are.Except(were) : were.Except(are)).ToList();
        if (lost.Count > 0)
        {
            found.Add($"{at} {(isAnswer ? "may be" : "may no longer be")} {string.Join(" or ", lost)}{(isAnswer ? " now" : "")}");
        }
    }

    // What a schema refers to, by itself or by its choices.
    private static string? NameOf(JsonNode? schema) => (string?)schema?["$ref"] ??
        ((schema?["oneOf"] ?? schema?["anyOf"]) is JsonArray choices && choices.Any(choice => choice!["$ref"] is not null)
            ? string.Join(" ", choices.Select(choice => $"{choice!["$ref"]}"))
            : null);

    private static List<string> Types(JsonNode schema) => Words(schema["type"]);

    // Null beside a choice is a type, not a choice.
    private static List<JsonNode> Choices(JsonNode root, JsonNode schema)
    {
        if ((schema["oneOf"] ?? schema["anyOf"]) is not JsonArray choices)
        {
            return [schema];
        }

        var all = choices.Select(choice => Resolve(root, choice!)).ToList();
        var proper = all.Where(choice => (choice["type"] as JsonValue)?.ToString() != "null").ToList();
        if (proper.Count != 1 || proper.Count == all.Count)
        {
            return all;
        }

        var only = proper[0].DeepClone();
        only["type"] = new JsonArray([.. Words(proper[0]["type"]).Append("null").Select(word => (JsonNode)word)]);
        return [only];
    }

    private static JsonNode Resolve(JsonNode root, JsonNode node) => (string?)node["$ref"] is { } reference
        ? Resolve(root, reference.Split('/').Skip(1).Aggregate(root, (here, name) => here[name]!))
        : node;

    private static List<string> Words(JsonNode? node) => node switch
    {
        JsonArray list => [.. list.Select(word => $"{word}")],
        null => [],
        _ => [$"{node}"]
    };

    private static decimal? Number(JsonNode? node) => node is null ? null : decimal.Parse($"{node}", System.Globalization.CultureInfo.InvariantCulture);
}
