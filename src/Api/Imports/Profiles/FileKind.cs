namespace Crm.Api.Imports.Profiles;

/// <summary>What the rows of a file seem to be, and which of its columns is which member of a mapping.</summary>
/// <param name="Name">As in a mapping: <c>leads</c>.</param>
internal sealed record FileKind(string Name, IReadOnlyDictionary<string, ColumnProfile> Members)
{
    // A history names each of its opportunities several times; a name that a few share is none of these.
    private const double MostDistinctOfAHistory = 0.7;

    private static readonly HashSet<string> Dates = ["at", "opened", "closed", "expectedClose", "startsOn", "endsOn", "signed", "delivered", "paidOn"];
    private static readonly HashSet<string> Numbers = ["amount", "employees", "budget", "spent", "paid"];

    public ColumnProfile? this[string member] => Members.GetValueOrDefault(member);

    /// <summary>Null where the columns fit nothing.</summary>
    public static FileKind? Of(FileProfile file)
    {
        var found = ColumnNames.ByKind.Keys.ToDictionary(kind => kind, kind => new FileKind(kind, Match(kind, file.Columns)));
        return found["stageHistories"] is var history && history.IsHistory ? history
            : found["campaigns"] is { } campaigns && Says(file, "campaign", "市场活动", ofColumns: false) && campaigns["name"] is not null ? campaigns
            : found["orders"] is { } orders && Says(file, "order", "订单") && orders["customer"] is not null && orders["amount"] is not null ? orders
            : found["contacts"] is { } contacts && Says(file, "contact", "联系人", ofColumns: false) && contacts["customer"] is not null && contacts["name"] is not null ? contacts
            : found["opportunities"] is { } deals && deals["stage"] is { Values: not null } && (deals["amount"] ?? deals["opened"] ?? deals["closed"]) is not null ? deals
            : found["leads"] is { } leads && (SaysLead(file) || (leads["email"] ?? leads["phone"]) is not null) ? leads
            : found["customers"] is { } customers && customers["name"] is not null && customers.Members.Keys.Intersect(["industry", "country", "employees", "website", "parent"]).Any() ? customers
            : null;
    }

    private bool IsHistory => this["stage"] is { Values: not null } && this["at"] is not null && this["opportunity"] is { } of &&
        of.Distinct <= of.Filled * MostDistinctOfAHistory;

    private static bool SaysLead(FileProfile file) => file.Columns.Select(column => column.Name).Append(file.File)
        .Any(name => ColumnNames.Bare(name) is var bare && (bare.StartsWith("lead", StringComparison.Ordinal) || bare.StartsWith("prospectid", StringComparison.Ordinal) || bare.Contains("线索")));

    private static bool Says(FileProfile file, string word, string inChinese, bool ofColumns = true) => (ofColumns ? file.Columns.Select(column => column.Name) : []).Append(file.File)
        .Any(name => ColumnNames.Bare(name) is var bare && (bare.StartsWith(word, StringComparison.Ordinal) || bare.Contains(inChinese, StringComparison.Ordinal)));

    private static Dictionary<string, ColumnProfile> Match(string kind, IReadOnlyList<ColumnProfile> columns)
    {
        var (members, left) = (new Dictionary<string, ColumnProfile>(), columns.ToList());
        foreach (var (member, names) in ColumnNames.ByKind[kind])
        {
            var found = names.Select(name => left.Find(column => ColumnNames.Bare(column.Name) == name && Fits(member, column))).FirstOrDefault(column => column is not null);
            if (found is not null)
            {
                members.Add(member, found);
                left.Remove(found);
            }
        }

        return members;
    }

    private static bool Fits(string member, ColumnProfile column) =>
        Dates.Contains(member) ? column.Type == "date"
        : Numbers.Contains(member) ? column.Type is "integer" or "decimal"
        : column.Type is not ("date" or "empty");
}
