using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Crm.Api.Http.Document;

/// <summary>What the source says of a type and its members; the compiler writes it beside the program.</summary>
internal static partial class Comments
{
    private static readonly Lazy<IReadOnlyDictionary<string, XElement>> Written = new(Load);

    public static string? Of(Type type) => Find(type)?.Element("summary") is { } summary ? Text(summary) : null;

    /// <param name="parameter">Of a record's constructor, in any case of letters.</param>
    public static string? Of(Type type, string parameter) => Find(type)?.Elements("param")
        .FirstOrDefault(p => parameter.Equals((string?)p.Attribute("name"), StringComparison.OrdinalIgnoreCase)) is { } said ? Text(said) : null;

    private static XElement? Find(Type type)
    {
        var name = (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName?.Replace('+', '.');
        var comment = Written.Value.GetValueOrDefault($"T:{name}");
        return comment?.Element("inheritdoc")?.Attribute("cref") is { } elsewhere ? Written.Value.GetValueOrDefault(elsewhere.Value) : comment;
    }

    private static IReadOnlyDictionary<string, XElement> Load()
    {
        var file = Path.ChangeExtension(typeof(Comments).Assembly.Location, ".xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!)
            : new Dictionary<string, XElement>();
    }

    private static string Text(XElement element) => Space().Replace(string.Concat(element.Nodes().Select(node => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "paramref" } other => $"`{Camel((string)other.Attribute("name")!)}`",
        XElement { Name.LocalName: "see" } link => Simple((string?)link.Attribute("cref") ?? ""),
        XElement inner => inner.Value,
        _ => node.ToString()
    })), " ").Trim().Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&");

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Simple(string reference) => reference[(reference.LastIndexOfAny(['.', ':']) + 1)..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
