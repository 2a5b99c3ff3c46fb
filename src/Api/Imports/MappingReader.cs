using System.Collections.Frozen;
using System.Text;
using Crm.Api.Imports.Files;
using Crm.Domain;
using Crm.Domain.Playbooks;
using NodaTime;

namespace Crm.Api.Imports;

/// <summary>Reads a mapping, and refuses what it does not understand.</summary>
internal sealed class MappingReader
{
    private readonly List<ColumnUse> uses = [];
    private IReadOnlyList<Lookup> lookups = [];

    public Mapping Read(MappingNode root)
    {
        root.With("source", "currency", "timeZone", "dates", "numbers", "missing", "delimiter", "encoding", "aliases", "lookups", "pipeline",
            "customers", "contacts", "campaigns", "leads", "opportunities", "orders", "stageHistories", "touches");
        lookups = [.. root.Find("lookups")?.Members().Select(member => ReadLookup(member.Name, member.Node)) ?? []];
        var pipeline = root.Find("pipeline") is { } defined ? ReadPipeline(defined) : null;
        var mapping = new Mapping(root.Need("source", "a name for where the files come from, such as 'acme'").Text())
        {
            Currency = ReadCurrency(root.Need("currency", "the ISO 4217 code that amounts are in, such as 'USD'")),
            Zone = root.Find("timeZone") is { } zone ? ReadZone(zone) : null,
            Dates = root.Find("dates") is { } dates ? ReadDates(dates) : DateFormat.Iso,
            Numbers = root.Find("numbers") is { } numbers ? ReadNumbers(numbers) : NumberFormat.Invariant,
            Text = new TextFormat(
                root.Find("delimiter") is { } delimiter ? ReadDelimiter(delimiter) : null,
                root.Find("encoding") is { } name ? ReadEncoding(name) : null),
            Cells = new Cells(ReadMissing(root.Find("missing")), ReadAliases(root.Find("aliases"))),
            Lookups = lookups,
            Pipeline = pipeline,
            Kinds = [.. ReadKinds(root, pipeline)],
            Uses = uses
        };
        return mapping.Kinds.Count > 0 ? mapping : throw root.Wrong("there is nothing to import: describe customers, contacts, campaigns, leads, opportunities, orders, stageHistories or touches.");
    }

    private IEnumerable<RecordKind> ReadKinds(MappingNode root, PipelineDefinition? pipeline)
    {
        if (root.Find("customers") is { } customers)
        {
            yield return CustomerKind.Read(customers, FieldsOf(customers));
        }

        if (root.Find("contacts") is { } contacts)
        {
            yield return ContactKind.Read(contacts, FieldsOf(contacts));
        }

        if (root.Find("campaigns") is { } campaigns)
        {
            yield return CampaignKind.Read(campaigns, FieldsOf(campaigns));
        }

        LeadKind? lead = null;
        if (root.Find("leads") is { } leads)
        {
            yield return lead = LeadKind.Read(leads, FieldsOf(leads));
        }

        OpportunityKind? deals = null;
        if (root.Find("opportunities") is { } opportunities)
        {
            yield return deals = OpportunityKind.Read(opportunities, FieldsOf(opportunities), pipeline, lead);
        }

        if (root.Find("orders") is { } orders)
        {
            yield return OrderKind.Read(orders, FieldsOf(orders));
        }

        if (root.Find("stageHistories") is { } histories)
        {
            yield return StageHistoryKind.Read(histories, FieldsOf(histories), pipeline, deals);
        }

        if (root.Find("touches") is { } touches)
        {
            yield return TouchKind.Read(touches, FieldsOf(touches), lead);
        }
    }

    private FieldReader FieldsOf(MappingNode kind)
    {
        var file = kind.Members().FirstOrDefault(member => member.Name == "file").Node
            ?? throw kind.Wrong("'file' is missing: the name of the file that has them, such as 'deals.csv'.");
        var sheet = kind.Members().FirstOrDefault(member => member.Name == "sheet").Node;
        return new FieldReader(new TableName(ReadFile(file), sheet?.Text()), lookups, uses);
    }

    private Lookup ReadLookup(string name, MappingNode node)
    {
        node.With("file", "sheet", "key");
        var table = new TableName(ReadFile(node.Need("file", "the file that is asked")), node.Find("sheet")?.Text());
        var lookup = new Lookup(name, table, node.Need("key", "the column that names its rows").Text());
        uses.Add(new ColumnUse(lookup.Table, lookup.Key, $"{node.Place}.key"));
        return lookup;
    }

    // A mapping may be a stranger's, and reads nothing but the files that it came with.
    private static string ReadFile(MappingNode node) => node.Text().AsSpan().ContainsAny('/', '\\', ':') || node.Text() is "." or ".."
        ? throw node.Wrong("write the name of a file beside the others, without folders.")
        : node.Text();

    private static PipelineDefinition ReadPipeline(MappingNode node)
    {
        node.With("key", "name", "stages");
        var definition = new DefinePipeline(
            node.Need("key", "a name that stays").Text(), node.Need("name", "what people call it").Text(),
            node.Need("stages", "its stages in order").Texts());
        try
        {
            PlaybookDecider.Decide(PlaybookHistory.None, definition);
            return new PipelineDefinition(definition.Key, definition.Name, definition.Stages);
        }
        catch (Rejection rejection)
        {
            throw node.Wrong(rejection.Message);
        }
    }

    private static string ReadCurrency(MappingNode node) => Currencies.DigitsOf(node.Text()) is not null
        ? node.Text()
        : throw node.Wrong($"'{node.Text()}' is no currency of ISO 4217; write USD, CNY, EUR …");

    private static DateTimeZone ReadZone(MappingNode node) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(node.Text())
        ?? throw node.Wrong($"'{node.Text()}' is no time zone of the IANA database; write Europe/Berlin, Asia/Shanghai, UTC …");

    private static DateFormat ReadDates(MappingNode node) => new(
        [.. node.Texts().Select(pattern => DateFormat.IsPattern(pattern)
            ? pattern
            : throw node.Wrong($"'{pattern}' does not say year, month and day; write yyyy-MM-dd, d.M.yyyy, MM/dd/yyyy HH:mm …"))]);

    private static NumberFormat ReadNumbers(MappingNode node)
    {
        node.With("decimal", "thousands", "symbols");
        var point = node.Find("decimal") is { } sign ? ReadSign(sign) : '.';
        char? thousands = node.Find("thousands") is { } between ? ReadSign(between) : null;
        return point != thousands
            ? new NumberFormat(point, thousands, [.. (node.Find("symbols")?.Texts() ?? []).OrderByDescending(symbol => symbol.Length)])
            : throw node.Wrong("decimals and thousands cannot be told apart by the same sign.");
    }

    private static char ReadSign(MappingNode node) => node.AnyText() is [var sign] && !char.IsAsciiLetterOrDigit(sign) && sign != '-'
        ? sign
        : throw node.Wrong("write one sign, such as ',' or '.'.");

    private static char ReadDelimiter(MappingNode node) =>
        node.AnyText() is [var sign] && char.IsAscii(sign) && !char.IsLetterOrDigit(sign) && sign is not ('"' or '\r' or '\n')
        ? sign
        : throw node.Wrong(@"write one sign, such as ',', ';' or '\t'.");

    private static Encoding ReadEncoding(MappingNode node)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            return Encoding.GetEncoding(node.Text());
        }
        catch (ArgumentException)
        {
            throw node.Wrong($"'{node.Text()}' is no encoding that is known here; write utf-8, gb18030, windows-1252 …");
        }
    }

    private static FrozenSet<string> ReadMissing(MappingNode? node) => (node?.Items().Select(item => item.AnyText().Trim()) ?? []).ToFrozenSet();

    private static Dictionary<string, IReadOnlyDictionary<string, string>> ReadAliases(MappingNode? node) =>
        node?.Members().ToDictionary(column => column.Name, column => column.Node.Map()) ?? [];
}
