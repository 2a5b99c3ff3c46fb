using System.Text.RegularExpressions;
using Crm.Api.Http.Shapes;
using Crm.Api.Imports.Files;

namespace Crm.Api.Imports;

/// <summary>Reads where the values of one file's records come from, and remembers the columns that are asked for.</summary>
internal sealed partial class FieldReader(TableName table, IReadOnlyList<Lookup> lookups, List<ColumnUse> uses)
{
    public TableName Table => table;

    public string Column(MappingNode node)
    {
        uses.Add(new ColumnUse(table, node.Text(), node.Place));
        return node.Text();
    }

    public IReadOnlyList<string> Key(MappingNode kind) => Columns(kind, "key", "the column, or columns, that name a row for ever");

    public IReadOnlyList<string> Columns(MappingNode kind, string name, string right)
    {
        var node = kind.Need(name, right);
        return node.IsText ? [Column(node)] : [.. node.Texts().Zip(node.Items(), (_, item) => Column(item))];
    }

    /// <summary>A field that a record may go without.</summary>
    public Field? Find(MappingNode parent, string name, IfMissing usually = IfMissing.Ignore) =>
        parent.Find(name) is { } node ? Read(node, name, usually, canBeMissing: true) : null;

    /// <summary>A field without which there is no record.</summary>
    public Field Need(MappingNode parent, string name, string right) =>
        Read(parent.Need(name, right), name, IfMissing.SetAside, canBeMissing: false);

    /// <summary>When something happened. A row that does not say it cannot be placed in time.</summary>
    public Field? Time(MappingNode parent, IfMissing usually = IfMissing.SetAside) =>
        parent.Find("at") is { } node ? Read(node, "at", usually, canBeMissing: false) with { Reason = "undated" } : null;

    /// <summary>By column, the values that it has to have; no conditions: null.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? When(MappingNode parent) => parent.Find("when")?.Members()
        .ToDictionary(member => Use(member.Name, member.Node), member => member.Node.Texts());

    private Field Read(MappingNode node, string name, IfMissing usually, bool canBeMissing)
    {
        var (from, ifMissing) = Origin(node, isField: true);
        if (ifMissing is not null and not IfMissing.SetAside && !canBeMissing)
        {
            throw node.Wrong("there is no record without it, so a row that does not say it is set aside; leave out 'ifMissing'.");
        }

        var reason = $"no-{Humps().Replace(name, "-$1").ToLowerInvariant()}";
        return new Field(name, from.Columns.FirstOrDefault() ?? node.Place, reason, from, ifMissing ?? usually);
    }

    private (Origin From, IfMissing? IfMissing) Origin(MappingNode node, bool isField)
    {
        if (node.IsText)
        {
            return (new FromColumn(Column(node)), null);
        }

        if (node.IsList)
        {
            return (new FirstOf([.. node.Items().Select(item => Origin(item, isField: false).From)]), null);
        }

        string[] members = ["column", "constant", "template", "lookup", "by", "from", "map"];
        node.With(isField ? [.. members, "ifMissing"] : members);
        var from = Plain(node);
        return (
            node.Find("map") is { } map ? new Translated(from, from.Columns.FirstOrDefault() ?? node.Place, map.Map()) : from,
            isField && node.Find("ifMissing") is { } missing ? ReadIfMissing(missing) : null);
    }

    private Origin Plain(MappingNode node)
    {
        string[] kinds = [.. new[] { "lookup", "constant", "template", "from", "column" }.Where(name => node.Find(name) is not null)];
        return kinds switch
        {
            ["lookup", "column"] => Lookup(node),
            ["constant"] => new Constant(node.Find("constant")!.Text()),
            ["template"] => Template(node.Find("template")!),
            ["from"] => new FirstOf([.. node.Find("from")!.Items().Select(item => Origin(item, isField: false).From)]),
            ["column"] => new FromColumn(Column(node.Find("column")!)),
            _ => throw node.Wrong("say where it comes from: one of 'column', 'constant', 'template', 'from', or 'lookup' with 'column'.")
        };
    }

    private FromLookup Lookup(MappingNode node)
    {
        var name = node.Find("lookup")!;
        var names = lookups.Select(known => known.Name).ToList();
        var lookup = lookups.FirstOrDefault(known => known.Name == name.Text()) ?? throw name.Wrong(
            $"there is no lookup '{name.Text()}'; there are: {string.Join(", ", names)}.{Nearest.Hint(name.Text(), names)}");
        var column = node.Find("column")!;
        uses.Add(new ColumnUse(lookup.Table, column.Text(), column.Place));
        return new FromLookup(lookup.Name, node.Find("by") is { } by ? Column(by) : Use(lookup.Key, node), column.Text());
    }

    private Template Template(MappingNode node)
    {
        var template = new Template(Placeholders().Split(node.Text()));
        foreach (var column in template.Columns)
        {
            Use(column, node);
        }

        return template.Columns.Any() ? template : throw node.Wrong("a template names columns in braces: '{product} – {account}'; else use 'constant'.");
    }

    private string Use(string column, MappingNode by)
    {
        uses.Add(new ColumnUse(table, column, by.Place));
        return column;
    }

    private static IfMissing ReadIfMissing(MappingNode node) => node.Text() switch
    {
        "ignore" => IfMissing.Ignore,
        "note" => IfMissing.Note,
        "set-aside" => IfMissing.SetAside,
        _ => throw node.Wrong("write 'ignore', 'note' or 'set-aside'.")
    };

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Placeholders();

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex Humps();
}
