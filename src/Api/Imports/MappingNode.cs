using System.Text.Json;
using Crm.Api.Http.Shapes;
using Crm.Domain;

namespace Crm.Api.Imports;

/// <summary>A place in a mapping: gives what stands there, or says what should.</summary>
internal sealed class MappingNode(JsonElement json, string place)
{
    private string[] members = [];

    public string Place => place.Length == 0 ? "the mapping" : place;

    public bool IsText => json.ValueKind == JsonValueKind.String;

    public bool IsList => json.ValueKind == JsonValueKind.Array;

    /// <summary>An object with no other members than these.</summary>
    public MappingNode With(params string[] names)
    {
        members = names;
        foreach (var (name, node) in Members())
        {
            if (!names.Contains(name))
            {
                throw node.Wrong($"there is no such member; there are: {string.Join(", ", names)}.{Nearest.Hint(name, names)}");
            }
        }

        return this;
    }

    public MappingNode? Find(string name)
    {
        if (!members.Contains(name))
        {
            throw new InvalidOperationException($"{name} is read at {Place} and not declared there.");
        }

        return json.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? At(name, member) : null;
    }

    public MappingNode Need(string name, string right) => Find(name) ?? throw Wrong($"'{name}' is missing: {right}.");

    public IEnumerable<(string Name, MappingNode Node)> Members() => json.ValueKind == JsonValueKind.Object
        ? json.EnumerateObject().Select(member => (member.Name, At(member.Name, member.Value)))
        : throw Wrong("write it as an object: { … }.");

    public IEnumerable<MappingNode> Items() => IsList
        ? json.EnumerateArray().Select((item, i) => At($"[{i}]", item))
        : throw Wrong("write it as a list: [ … ].");

    /// <summary>A text that is not blank.</summary>
    public string Text() => AnyText() is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Wrong("a text is needed that is not blank.");

    public string AnyText() => IsText ? json.GetString()! : throw Wrong("write it as text, in quotes.");

    /// <summary>One text, or a list of them.</summary>
    public IReadOnlyList<string> Texts() => IsText ? [Text()]
        : Items().Select(item => item.Text()).ToList() is { Count: > 0 } texts ? texts : throw Wrong("name at least one.");

    public IReadOnlyDictionary<string, string> Map() => Members().ToDictionary(member => member.Name, member => member.Node.Text());

    public bool Truth() => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : throw Wrong("write true or false.");

    public ImportProblem Wrong(string message) => new($"{Place}: {message}");

    private MappingNode At(string name, JsonElement element) =>
        new(element, place.Length == 0 ? name : name.StartsWith('[') ? place + name : $"{place}.{name}");
}
