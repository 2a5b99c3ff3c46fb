using System.Text.Json;

namespace Crm.Support.Months;

/// <summary>What the product says of a month, in the words in which the plain one says it.</summary>
/// <param name="leads">Ids by number; more may come.</param>
public sealed class MonthTold(IMonthHost host, IReadOnlyList<Guid> leads)
{
    private readonly Dictionary<Guid, string> keys = [];

    /// <summary>Status and owner of each lead, now or as of a moment.</summary>
    public async Task<IReadOnlyList<string>> Owners(DateTime? asOf) => Ordered((await All("admin", $"leads?limit=200{AsOf(asOf)}"))
        .Select(lead => $"{Key(lead.GetProperty("id"))}: {lead.GetProperty("status").GetString()} {Text(lead, "rep") ?? "-"}"));

    /// <summary>Open tasks, now or as of a moment.</summary>
    public async Task<IReadOnlyList<string>> Tasks(DateTime? asOf) => Ordered(
        (await All("admin", $"tasks?state=open&limit=200{AsOf(asOf)}"))
        .Select(task => $"{Key(task.GetProperty("about").GetProperty("id"))}: {Text(task, "rep")} {Text(task, "kind")}"));

    /// <summary>What a member finds in his inbox.</summary>
    public async Task<IReadOnlyList<string>> Alerts(string member) => Ordered((await All(member, "alerts?limit=200"))
        .Select(alert => $"{member} {Text(alert, "kind")} {Key(alert.GetProperty("about").GetProperty("id"))}"));

    /// <summary>All that happened to a lead, in the order of recording.</summary>
    public async Task<IReadOnlyList<string>> Facts(Guid lead) =>
        [.. (await host.Say("admin", "GET", $"leads/{lead}/events")).GetProperty("items").EnumerateArray().Select(e => Fact(e).Words)];

    public static IReadOnlyList<string> Ordered(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];

    private static MonthFact Fact(JsonElement e)
    {
        var data = e.GetProperty("data");
        var (ground, terms, type) = (Part(data, "ground"), Part(data, "terms"), e.GetProperty("type").GetString()!);
        return new MonthFact(type, e.GetProperty("occurredAt").GetDateTimeOffset().Local(), 0)
        {
            Rep = Text(data, "rep"),
            By = Text(ground, "by"),
            Rule = Text(ground, "rule") ?? Text(data, "rule"),
            Round = Text(ground, "by") == "handover" ? 0 : Number(ground, "round") ?? Number(data, "round") ?? 0,
            Why = Text(data, "why"),
            Told = Text(data, "told"),
            Step = Number(data, "step") ?? 0,
            Since = Time(data, "since"),
            RespondBy = Time(terms, "respondBy") ?? Time(data, "respondBy"),
            RemindAt = Time(terms, "remindAt"),
            SilentAt = Time(terms, "silentAt") ?? Time(data, "nextAt") ?? Time(data, "by"),
            TryAgainAt = Time(data, "tryAgainAt")
        };
    }

    private async Task<IReadOnlyList<JsonElement>> All(string who, string path)
    {
        var all = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await host.Say(who, "GET", cursor.Length == 0 ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = Text(page, "nextCursor");
        }

        return all;
    }

    private static string AsOf(DateTime? at) => at is { } moment ? $"&asOf={Uri.EscapeDataString(moment.Instant().ToString("O"))}" : "";

    private string Key(JsonElement id)
    {
        for (var n = keys.Count; n < leads.Count; n++)
        {
            keys.Add(leads[n], $"lead {n}");
        }

        return keys[id.GetGuid()];
    }

    private static JsonElement Part(JsonElement of, string member) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var part) ? part : default;

    private static string? Text(JsonElement of, string member) =>
        Part(of, member) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static int? Number(JsonElement of, string member) =>
        Part(of, member) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;

    private static DateTime? Time(JsonElement of, string member) =>
        Part(of, member) is { ValueKind: JsonValueKind.String } time && time.TryGetDateTimeOffset(out var moment) ? moment.Local() : null;
}
