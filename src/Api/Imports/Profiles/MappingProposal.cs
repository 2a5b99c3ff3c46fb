using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crm.Api.Imports.Profiles;

/// <summary>A mapping to begin with, made of what the files' columns are called and what stands in them; and what a person has to be asked.</summary>
internal sealed class MappingProposal(string name, IReadOnlyList<FileScan> scans, string? currency)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> questions = [];

    public (string? Mapping, IReadOnlyList<string> Questions) Make()
    {
        var parts = new ProposedParts(
            Largest("customers"), Largest("leads"), Largest("opportunities"), Largest("stageHistories"),
            new ProposedRecords(Largest("contacts"), Largest("campaigns"), Largest("orders"), questions), questions);
        if (parts.Kinds.Count == 0)
        {
            return (null, ["No file has columns by which it is known; write the mapping by hand, with what the profile tells of the columns."]);
        }

        var used = parts.Kinds.SelectMany(kind => kind.Kind.Members.Values).ToList();
        var source = Slug(name);
        var mapping = new JsonObject { ["source"] = source, ["currency"] = Currency(used) };
        Add(mapping, "dates", Dates(used));
        Add(mapping, "numbers", Numbers(used));
        Add(mapping, "missing", List(parts.Kinds.SelectMany(kind => kind.File.Columns).SelectMany(column => column.MissingWords.Keys).Distinct()));
        Add(mapping, "lookups", parts.Lookups());
        Add(mapping, "pipeline", parts.Stages() is { Count: > 0 } stages ? new JsonObject { ["key"] = source, ["name"] = name, ["stages"] = List(stages) } : null);
        foreach (var (member, node) in parts.Nodes())
        {
            mapping[member] = node;
        }

        questions.Add("Where are the dates? Without 'timeZone' they are where the tenant is.");
        var json = mapping.ToJsonString(Readable);
        MustStand(json);
        return (json, questions);
    }

    // Held against what an import will say of it.
    private void MustStand(string json)
    {
        try
        {
            Mapping.Parse(json.Replace("\"currency\": \"?\"", "\"currency\": \"USD\""));
        }
        catch (ImportProblem problem)
        {
            questions.Add($"The mapping does not stand yet: {problem.Message}");
        }
    }

    private ProposedFile? Largest(string kind)
    {
        var files = scans.Where(scan => scan.Profile.Kind == kind).OrderByDescending(scan => scan.Profile.Rows).ToList();
        if (files.Count > 1)
        {
            questions.Add($"Several files look like {kind}: {string.Join(", ", files.Select(scan => scan.Profile.File))}. The first, which has the most rows, is taken.");
        }

        return files is [var largest, ..] ? new ProposedFile(largest, FileKind.Of(largest.Profile)!) : null;
    }

    private string Currency(IReadOnlyList<ColumnProfile> used)
    {
        var said = scans.SelectMany(scan => scan.Profile.Columns).Where(column => ColumnNames.Bare(column.Name) is "currency" or "currencycode" or "currencyisocode" or "币种" or "货币")
            .SelectMany(column => column.Values?.Keys ?? []).Distinct().ToList();
        var symbols = used.SelectMany(column => column.Numbers?.Symbols ?? []).Distinct().Select(symbol => symbol switch
        {
            "€" => "EUR",
            "£" => "GBP",
            "₹" => "INR",
            "元" or "RMB" => "CNY",
            _ => symbol
        }).ToList();
        if (currency is null && said.Count > 1)
        {
            questions.Add($"Amounts are in several currencies: {string.Join(", ", said)}; a mapping has one. Split the file by them.");
        }

        if ((currency ?? (said is [var one] ? one : symbols is [var sign] ? sign : null)) is { } known && Domain.Currencies.DigitsOf(known) is not null)
        {
            return known;
        }

        questions.Add("In which currency are the amounts? Write its code for the '?' in 'currency'.");
        return "?";
    }

    private JsonNode? Dates(IReadOnlyList<ColumnProfile> used)
    {
        foreach (var column in used.Where(column => column.AmbiguousDates > 0))
        {
            questions.Add($"Are the dates in '{column.Name}' day and month, or month and day? {column.AmbiguousDates:N0} of them can be either; the mapping takes {column.Dates.Keys.First()}.");
        }

        var patterns = used.SelectMany(column => column.Dates).GroupBy(pattern => pattern.Key, pattern => pattern.Value).OrderByDescending(group => group.Sum()).Select(group => group.Key);
        return List(patterns);
    }

    private static JsonObject? Numbers(IReadOnlyList<ColumnProfile> used)
    {
        var numbers = used.Select(column => column.Numbers).OfType<NumberProfile>().ToList();
        var told = numbers.Find(number => number.Thousands is not null || number.Decimal != ".") ?? numbers.FirstOrDefault();
        var symbols = numbers.SelectMany(number => number.Symbols).Distinct().ToList();
        if (told is null || told is { Decimal: ".", Thousands: null } && symbols.Count == 0)
        {
            return null;
        }

        var node = new JsonObject { ["decimal"] = told.Decimal };
        Add(node, "thousands", told.Thousands);
        Add(node, "symbols", List(symbols));
        return node;
    }

    private static void Add(JsonObject to, string member, JsonNode? node)
    {
        if (node is not null)
        {
            to[member] = node;
        }
    }

    private static JsonArray? List(IEnumerable<string> texts) => texts.Select(text => (JsonNode)text).ToArray() is { Length: > 0 } all ? new JsonArray(all) : null;

    private static string Slug(string text)
    {
        var slug = string.Concat(text.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Trim('-');
        return slug.Length > 0 ? slug : "files";
    }
}

/// <summary>A file, and what its rows are taken for.</summary>
internal sealed record ProposedFile(FileScan Scan, FileKind Kind)
{
    public FileProfile File => Scan.Profile;

    /// <summary>How much of what another column says stands in a column of this file.</summary>
    public double Share(ColumnProfile column, IReadOnlySet<ulong>? of)
    {
        var own = Scan.Columns.First(scan => scan.Name == column.Name).Distinct.Values;
        return own is null || of is null || of.Count == 0 ? 0 : (double)of.Count(own.Contains) / of.Count;
    }

    public IReadOnlySet<ulong>? Values(string? member) =>
        member is not null && Kind[member] is { } column ? Scan.Columns.First(scan => scan.Name == column.Name).Distinct.Values : null;
}
