using System.Text.Json.Nodes;

namespace Crm.Api.Imports.Profiles;

/// <summary>The parts of a proposed mapping, one for each kind of record that there is a file for.</summary>
internal sealed class ProposedParts(ProposedFile? customers, ProposedFile? leads, ProposedFile? opportunities, ProposedFile? histories, ProposedRecords records, List<string> questions)
{
    private const double MostlyFound = 0.5;

    public IReadOnlyList<ProposedFile> Kinds => [.. new[] { customers, leads, opportunities, histories }.OfType<ProposedFile>(), .. records.Kinds];

    public IReadOnlyList<string> Stages()
    {
        if (opportunities is null && histories is null)
        {
            return [];
        }

        var named = new[] { histories, opportunities }.OfType<ProposedFile>().SelectMany(file => file.Kind["stage"]?.Values?.Keys ?? []);
        List<string> open = [.. named.Distinct().Where(IsOpen).OrderBy(StageWords.Place)];
        return open.Count > 0 ? open : ["Open"];
    }

    public JsonObject? Lookups() => IsToldByDeals ? new JsonObject { ["deals"] = new JsonObject { ["file"] = opportunities!.File.File, ["key"] = KeyOf(opportunities) } } : null;

    public IEnumerable<(string Member, JsonObject Node)> Nodes()
    {
        if (customers is not null)
        {
            yield return ("customers", Customers(customers));
        }

        if (leads is not null)
        {
            yield return ("leads", Leads(leads));
        }

        if (opportunities is not null)
        {
            yield return ("opportunities", Opportunities(opportunities));
        }

        if (histories is not null)
        {
            yield return ("stageHistories", Histories(histories));
        }

        foreach (var record in records.Nodes(file => Begun(file, KeyOf(file))))
        {
            yield return record;
        }
    }

    private bool IsToldByDeals => histories is not null && opportunities?.File.Sheet is null && opportunities?.Kind["stage"] is not null && KeyOf(opportunities) is { } key &&
        opportunities.Share(opportunities.File.Columns.First(column => column.Name == key), histories.Values("opportunity")) >= MostlyFound;

    private JsonObject Customers(ProposedFile file)
    {
        var node = Begun(file, KeyOf(file, opportunities?.Values("customer") ?? records.Customers));
        node["name"] = file.Kind["name"]!.Name;
        return With(node, file, "at", "industry", "region", "country", "employees", "website", "parent");
    }

    private JsonObject Leads(ProposedFile file)
    {
        var node = Begun(file, KeyOf(file));
        node["source"] = file.Kind["source"] is { } source
            ? source.Missing == 0 ? source.Name : new JsonArray(source.Name, new JsonObject { ["constant"] = "import" })
            : new JsonObject { ["constant"] = "import" };
        if (file.Kind["contact"] is null && Named(file, "firstname") is { } first && Named(file, "lastname", "surname") is { } last)
        {
            node["contact"] = new JsonObject { ["template"] = $"{{{first}}} {{{last}}}" };
        }

        return With(node, file, "at", "company", "contact", "email", "phone", "message", "role", "region", "industry", "employees", "campaign", "product", "rep");
    }

    private JsonObject Opportunities(ProposedFile file)
    {
        var (kind, node) = (file.Kind, Begun(file, KeyOf(file, histories?.Values("opportunity") ?? records.Opportunities)));
        node["name"] = (kind["name"] ?? kind["customer"]) is not { } name ? node["key"]!.GetValue<string>()
            : name.Missing == 0 ? name.Name : new JsonArray(name.Name, node["key"]!.GetValue<string>());
        With(node, file, "customer", "rep", "team", "region", "product", "source", "expectedClose", "competitor");
        var values = kind["stage"]!.Values!.Keys.ToList();
        var isDated = kind["opened"] is not null && (kind["closed"] is not null || values.TrueForAll(IsOpen));
        if (!isDated)
        {
            questions.Add($"{file.File.File} does not say when opportunities were opened and closed, or not both; all of it counts as known since the import. Name columns as 'at' if there are some.");
        }

        var opened = new JsonObject();
        Put(opened, "at", isDated ? kind["opened"]!.Name : null);
        opened["amount"] = Amount(kind["amount"]);
        if (histories is null && values.Exists(IsOpen))
        {
            // How it is now is all that the file knows; what is closed went through the last stage.
            var stages = Stages();
            opened["stage"] = new JsonObject
            {
                ["column"] = kind["stage"]!.Name,
                ["map"] = new JsonObject(values.Select(value => KeyValuePair.Create(value, (JsonNode?)(IsOpen(value) ? value : stages[^1]))))
            };
        }

        node["opened"] = opened;
        var closed = isDated ? kind["closed"]?.Name : null;
        if (values.Where(StageWords.AreWon).ToList() is { Count: > 0 } won)
        {
            node["won"] = With(new JsonObject { ["when"] = When(kind, won) }, ("at", closed), ("amount", kind["amount"] is { } amount && amount.Missing == 0 ? amount.Name : null));
        }

        if (values.Where(StageWords.AreLost).ToList() is { Count: > 0 } lost)
        {
            var loss = With(new JsonObject { ["when"] = When(kind, lost) }, ("at", closed));
            loss["reason"] = kind["reason"] is { } reason
                ? new JsonArray(reason.Name, new JsonObject { ["constant"] = "not recorded" })
                : new JsonObject { ["constant"] = "not recorded" };
            node["lost"] = loss;
        }

        return node;
    }

    private JsonObject Histories(ProposedFile file)
    {
        var kind = file.Kind;
        var node = FileOf(file);
        node["opportunity"] = kind["opportunity"]!.Name;
        With(node, file, "at", "stage", "by", "amount");
        if (IsToldByDeals)
        {
            node["current"] = new JsonObject { ["lookup"] = "deals", ["by"] = kind["opportunity"]!.Name, ["column"] = opportunities!.Kind["stage"]!.Name };
        }

        var values = kind["stage"]!.Values!.Keys.ToList();
        Put(node, "won", values.Where(StageWords.AreWon).ToList() is { Count: > 0 } won ? new JsonObject { ["when"] = When(kind, won) } : null);
        Put(node, "lost", values.Where(StageWords.AreLost).ToList() is { Count: > 0 } lost ? new JsonObject { ["when"] = When(kind, lost) } : null);
        questions.Add($"In which order are the stages? The pipeline lists those that {file.File.File} names, as their names suggest.");
        return node;
    }

    // An opportunity without an amount would be set aside.
    private JsonNode Amount(ColumnProfile? amount)
    {
        if (amount is { Missing: 0 })
        {
            return amount.Name;
        }

        questions.Add("What is an opportunity worth where the files do not say it? The mapping takes 0.");
        return amount is null ? new JsonObject { ["constant"] = "0" } : new JsonArray(amount.Name, new JsonObject { ["constant"] = "0" });
    }

    private JsonObject Begun(ProposedFile file, string? key)
    {
        if (key is null || !file.File.Columns.First(column => column.Name == key).IsKey)
        {
            questions.Add($"Which column names a row of {file.File.File} for ever? None is known to be filled and different in every row{(key is null ? "" : $"; the mapping takes '{key}'")}.");
        }

        var node = FileOf(file);
        node["key"] = key ?? file.File.Columns[0].Name;
        return node;
    }

    /// <param name="named">How others name its rows; null where nobody does.</param>
    private static string? KeyOf(ProposedFile file, IReadOnlySet<ulong>? named = null)
    {
        var keys = file.File.Columns.Where(column => column.IsKey && column.Type is not ("date" or "decimal")).ToList();
        return keys.Where(column => file.Share(column, named) >= MostlyFound).MaxBy(column => file.Share(column, named))?.Name
            ?? (file.Kind["key"] is { IsKey: true } known ? known.Name : null)
            ?? keys.Find(column => !column.IsPersonal)?.Name ?? file.Kind["key"]?.Name ?? keys.FirstOrDefault()?.Name;
    }

    private static JsonObject FileOf(ProposedFile file) => With(new JsonObject { ["file"] = file.File.File }, ("sheet", file.File.Sheet));

    internal static JsonObject With(JsonObject node, ProposedFile file, params string[] members) =>
        With(node, [.. members.Select(member => (member, file.Kind[member]?.Name))]);

    internal static JsonObject With(JsonObject node, params (string Member, string? Column)[] members)
    {
        foreach (var (member, column) in members)
        {
            Put(node, member, column);
        }

        return node;
    }

    private static void Put(JsonObject node, string member, JsonNode? value)
    {
        if (value is not null)
        {
            node[member] = value;
        }
    }

    private static JsonObject When(FileKind kind, IEnumerable<string> values) => new() { [kind["stage"]!.Name] = new JsonArray([.. values.Select(value => (JsonNode)value)]) };

    private static string? Named(ProposedFile file, params string[] names) => file.File.Columns.FirstOrDefault(column => names.Contains(ColumnNames.Bare(column.Name)))?.Name;

    private static bool IsOpen(string stage) => !StageWords.AreWon(stage) && !StageWords.AreLost(stage);
}
