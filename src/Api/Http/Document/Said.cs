using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Api.Http.Document;

/// <summary>
/// What people say of the API beside its shapes: each area's <c>*.openapi.json</c>, which holds tags, descriptions of operations by their id, and
/// examples by the name of their schema or parameter.
/// </summary>
internal sealed record Said(
    IReadOnlyDictionary<string, string> Tags, IReadOnlyDictionary<string, string> Operations, IReadOnlyDictionary<string, JsonNode> Examples,
    IReadOnlyDictionary<string, JsonNode> Parameters)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip };

    public static Said All { get; } = Load();

    /// <summary>Of the whole program, its areas one after the other. A thing that two of them speak of is an error.</summary>
    private static Said Load()
    {
        var program = typeof(Said).Assembly;
        var areas = program.GetManifestResourceNames().Where(name => name.EndsWith(".openapi.json", StringComparison.Ordinal)).Select(name =>
        {
            using var file = program.GetManifestResourceStream(name)!;
            return JsonSerializer.Deserialize<Area>(file, Json)!;
        }).ToList();
        return new Said(Join(areas, a => a.Tags), Join(areas, a => a.Operations), Join(areas, a => a.Examples), Join(areas, a => a.Parameters));
    }

    private static Dictionary<string, T> Join<T>(IEnumerable<Area> areas, Func<Area, Dictionary<string, T>?> part) =>
        areas.SelectMany(area => part(area) ?? []).ToDictionary();

    private sealed record Area(
        Dictionary<string, string>? Tags, Dictionary<string, string>? Operations, Dictionary<string, JsonNode>? Examples,
        Dictionary<string, JsonNode>? Parameters);
}
