using System.Text.Json.Nodes;

namespace Crm.Api.Tests.Contract;

/// <summary>What a client of one OpenAPI document would trip over in another. Additions are none of it.</summary>
public sealed class BreakingChanges
{
    private readonly List<string> found = [];
    private readonly SchemaChanges requests;
    private readonly SchemaChanges answers;

    private BreakingChanges(JsonNode released, JsonNode served)
    {
        requests = new SchemaChanges(released, served, isAnswer: false, found);
        answers = new SchemaChanges(released, served, isAnswer: true, found);
    }

    /// <summary>One sentence for each, with its place; empty when there is none.</summary>
    public static IReadOnlyList<string> Between(JsonNode released, JsonNode served)
    {
        var changes = new BreakingChanges(released, served);
        foreach (var (template, was) in Members(released["paths"]))
        {
            foreach (var (method, operation) in Members(was))
            {
                changes.Compare($"{method.ToUpperInvariant()} {template}", operation!, served["paths"]?[template]?[method]);
            }
        }

        return [.. changes.found.Distinct()];
    }

    internal static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode? node) => node as JsonObject ?? [];

    private void Compare(string at, JsonNode was, JsonNode? now)
    {
        if (now is null)
        {
            found.Add($"{at}: the operation is gone");
            return;
        }

        if ((string?)was["operationId"] != (string?)now["operationId"])
        {
            found.Add($"{at}: operationId is {now["operationId"]}, was {was["operationId"]}");
        }

        CompareParameters(at, Named(was), Named(now));
        CompareBodies(at, was["requestBody"], now["requestBody"]);
        foreach (var (status, answer) in Members(was["responses"]))
        {
            CompareAnswers($"{at} {status}", answers.Released(answer!), now["responses"]?[status]);
        }
    }

    private static Dictionary<string, JsonNode> Named(JsonNode operation) => (operation["parameters"] as JsonArray ?? [])
        .ToDictionary(parameter => $"{parameter!["in"]} parameter {parameter["name"]}", parameter => parameter!);

    private void CompareParameters(string at, Dictionary<string, JsonNode> were, Dictionary<string, JsonNode> are)
    {
        foreach (var (name, was) in were)
        {
            if (!are.TryGetValue(name, out var now))
            {
                found.Add($"{at}: the {name} is gone");
            }
            else
            {
                requests.Compare($"{at}: the {name}", was["schema"], now["schema"]);
            }
        }

        foreach (var (name, now) in are.Where(parameter => IsRequired(parameter.Value)))
        {
            if (!were.TryGetValue(name, out var was) || !IsRequired(was))
            {
                found.Add($"{at}: the {name} is required now");
            }
        }
    }

    private void CompareBodies(string at, JsonNode? was, JsonNode? now)
    {
        if (IsRequired(now) && !IsRequired(was))
        {
            found.Add($"{at}: a body is required now");
        }

        CompareContent($"{at}: the body", was, now, requests);
    }

    private void CompareAnswers(string at, JsonNode was, JsonNode? now)
    {
        if (now is null)
        {
            found.Add($"{at}: the status is gone");
            return;
        }

        now = answers.Served(now);
        foreach (var (name, _) in Members(was["headers"]))
        {
            if (now["headers"]?[name] is null)
            {
                found.Add($"{at}: the header {name} is gone");
            }
        }

        CompareContent($"{at}: the answer", was, now, answers);
    }

    private void CompareContent(string at, JsonNode? was, JsonNode? now, SchemaChanges schemas)
    {
        foreach (var (type, media) in Members(was?["content"]))
        {
            if (now?["content"]?[type] is not { } other)
            {
                found.Add($"{at} is no longer {type}");
            }
            else
            {
                schemas.Compare(at, media!["schema"], other["schema"]);
            }
        }
    }

    private static bool IsRequired(JsonNode? node) => (bool?)node?["required"] == true;
}
