using System.Globalization;
using System.Text.Json;

namespace Crm.Api.Tests.Journeys;

/// <summary>An opportunity as answers show it, and as <see cref="PlainFold"/> makes it out of its events.</summary>
public sealed record Deal(
    Guid Id, string Status, DateTimeOffset OpenedAt, string? Stage, DateTimeOffset? StageSince, decimal Amount, string Currency, string? ExpectedClose,
    string? Rep, string? Team, string? Region, string? Product, string? Competitor, DateTimeOffset? ClosedAt, string? LossReason, string? Reference,
    int Touches, DateTimeOffset? LastTouchAt)
{
    public static Deal Of(JsonElement e) => new(
        e.GetProperty("id").GetGuid(), Text(e, "status")!, Time(e, "openedAt")!.Value, Text(e, "stage"), Time(e, "stageSince"),
        decimal.Parse(Text(e.GetProperty("amount"), "amount")!, CultureInfo.InvariantCulture), Text(e.GetProperty("amount"), "currency")!,
        Text(e, "expectedClose"), Text(e, "rep"), Text(e, "team"), Text(e, "region"), Text(e, "product"), Text(e, "competitor"), Time(e, "closedAt"),
        Text(e, "lossReason"), Text(e, "reference"), e.GetProperty("touches").GetInt32(), Time(e, "lastTouchAt"));

    private static string? Text(JsonElement e, string name) => e.GetProperty(name).GetString();

    private static DateTimeOffset? Time(JsonElement e, string name) =>
        e.GetProperty(name) is { ValueKind: JsonValueKind.String } time ? time.GetDateTimeOffset() : null;
}

/// <summary>One event as /events tells it; its members may be written over.</summary>
public sealed record Fact(
    Guid Id, long Version, long Position, string Type, DateTimeOffset RecordedAt, DateTimeOffset OccurredAt, IReadOnlyDictionary<string, JsonElement> Data)
{
    public static Fact Of(JsonElement e) => new(
        e.GetProperty("id").GetGuid(), e.GetProperty("version").GetInt64(), e.GetProperty("position").GetInt64(), e.GetProperty("type").GetString()!,
        e.GetProperty("recordedAt").GetDateTimeOffset(), e.GetProperty("occurredAt").GetDateTimeOffset(),
        e.GetProperty("data").EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null).ToDictionary(m => m.Name, m => m.Value));

    public bool Is(params string[] kinds) => kinds.Any(kind => Type == "opportunity_" + kind);

    public bool Clears(string member) => Data.TryGetValue("cleared", out var cleared) && cleared.EnumerateArray().Any(name => name.GetString() == member);

    public string? Text(string member) => Data.TryGetValue(member, out var value) ? value.GetString() : null;

    public decimal? Amount => Data.TryGetValue("amount", out var money) ? decimal.Parse(money.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture) : null;
}

/// <summary>
/// What an opportunity was at any moment, written apart from the product: not step by step, but by asking for each member which fact
/// said it last.
/// </summary>
public static class PlainFold
{
    /// <summary>Null when it was not opened then.</summary>
    public static Deal? Of(Guid id, IReadOnlyList<Fact> history, DateTimeOffset? asOf, DateTimeOffset? knownAt)
    {
        return Of(id, Facts(history, asOf, knownAt));
    }

    /// <summary>What it was after each of its facts, in their order.</summary>
    public static IEnumerable<(DateTimeOffset At, Deal? Deal)> States(Guid id, IReadOnlyList<Fact> history, DateTimeOffset? asOf, DateTimeOffset? knownAt)
    {
        var facts = Facts(history, asOf, knownAt);
        return facts.Select((fact, i) => (fact.OccurredAt, Of(id, facts.GetRange(0, i + 1))));
    }

    private static List<Fact> Facts(IReadOnlyList<Fact> history, DateTimeOffset? asOf, DateTimeOffset? knownAt)
    {
        var known = history.Where(e => knownAt is null || e.RecordedAt < knownAt).ToList();
        return [.. PutRight(known).Where(e => asOf is null || e.OccurredAt < asOf).OrderBy(e => e.OccurredAt).ThenBy(e => e.Version)];
    }

    private static Deal? Of(Guid id, List<Fact> facts)
    {
        if (facts.SingleOrDefault(e => e.Is("opened")) is not { } opening) return null;

        var outcome = facts.LastOrDefault(e => e.Is("won", "lost", "reopened"));
        var stages = facts.Where(e => e.Is("stage_entered", "reopened") && e.Text("stage") is not null).ToList();
        // The opening says a stage only when nothing that is dated before it has said one.
        if (stages.Count == 0 || Before(opening, stages[0])) stages.Insert(0, opening);
        var since = stages[^1];
        foreach (var earlier in stages.AsEnumerable().Reverse().TakeWhile(e => e.Text("stage") == since.Text("stage"))) since = earlier;
        var touches = facts.Where(e => e.Is("touched")).ToList();

        return new Deal(
            id, outcome?.Type switch { "opportunity_won" => "won", "opportunity_lost" => "lost", _ => "open" }, opening.OccurredAt,
            stages[^1].Text("stage"), since.OccurredAt,
            (facts.LastOrDefault(e => e.Is("amount_changed", "won")) ?? opening).Amount!.Value,
            opening.Data["amount"].GetProperty("currency").GetString()!,
            Last("expectedClose", "close_date_changed"), Last("rep", "assigned"), Last("team", "assigned"), Last("region", "assigned"),
            Last("product", "changed"), Last("competitor", "lost", "changed"),
            outcome is { } closing && closing.Is("won", "lost") ? closing.OccurredAt : null,
            outcome is { } loss && loss.Is("lost") ? loss.Text("reason") : null,
            outcome is { } win && win.Is("won") ? win.Text("reference") : null,
            touches.Count, touches.LastOrDefault()?.OccurredAt);

        // What was cleared before the opening is as the opening says.
        string? Last(string member, params string[] kinds) => facts.LastOrDefault(e => e.Is(kinds) && (e.Text(member) is not null || e.Clears(member))) is { } said
            && (said.Text(member) is not null || Before(opening, said)) ? said.Text(member) : opening.Text(member);
    }

    private static bool Before(Fact one, Fact other) =>
        one.OccurredAt < other.OccurredAt || (one.OccurredAt == other.OccurredAt && one.Version < other.Version);

    // Each correction writes its members over those of the fact that it names; only the last one says whether that happened at all.
    private static IEnumerable<Fact> PutRight(IReadOnlyList<Fact> known)
    {
        var facts = known.Where(e => !e.Is("corrected")).ToDictionary(e => e.Id);
        var withdrawn = new HashSet<Guid>();
        foreach (var correction in known.Where(e => e.Is("corrected")).OrderBy(e => e.Version))
        {
            var fact = facts[correction.Data["eventId"].GetGuid()];
            var data = fact.Data.ToDictionary();
            foreach (var (member, value) in correction.Data.Where(m => m.Key is not ("eventId" or "reason" or "withdrawn" or "occurredAt")))
                data[member == "lossReason" ? "reason" : member] = value;
            var at = correction.Data.TryGetValue("occurredAt", out var time) ? time.GetDateTimeOffset() : fact.OccurredAt;
            facts[fact.Id] = fact with { Data = data, OccurredAt = at };
            if (correction.Data["withdrawn"].GetBoolean()) withdrawn.Add(fact.Id);
            else withdrawn.Remove(fact.Id);
        }

        return facts.Values.Where(e => !withdrawn.Contains(e.Id));
    }
}

/// <summary>What the pipeline shows, one line a figure: from deals, and from an answer.</summary>
public static class PlainPipeline
{
    private static readonly string[] Stages = ["Prospecting", "Engaging", "Proposal", "Negotiation"];

    public static IReadOnlyList<string> Of(IReadOnlyList<Deal> deals) =>
    [
        .. Outcomes(deals),
        .. deals.Where(d => d.Status == "open").GroupBy(d => d.Stage).OrderBy(g => Array.IndexOf(Stages, g.Key)).Select(g => $"stage {g.Key}: {Figure(g)}"),
        .. deals.GroupBy(d => (d.Rep, d.Product)).OrderBy(g => g.Key.Rep, StringComparer.Ordinal).ThenBy(g => g.Key.Product, StringComparer.Ordinal)
            .SelectMany(g => Outcomes([.. g]).Select(line => $"{g.Key.Rep}, {g.Key.Product}: {line}"))
    ];

    public static IReadOnlyList<string> Of(JsonElement answer) =>
    [
        .. Outcomes(answer),
        .. answer.GetProperty("stages").EnumerateArray().Select(s => $"stage {s.GetProperty("stage").GetString()}: {Figure(s)}"),
        .. answer.GetProperty("groups").EnumerateArray().SelectMany(g =>
            Outcomes(g).Select(line => $"{g.GetProperty("rep").GetString()}, {g.GetProperty("product").GetString()}: {line}"))
    ];

    private static IEnumerable<string> Outcomes(IReadOnlyList<Deal> deals)
    {
        foreach (var status in new[] { "open", "won", "lost" }) yield return $"{status} {Figure(deals.Where(d => d.Status == status))}";
        var (won, lost) = (deals.Count(d => d.Status == "won"), deals.Count(d => d.Status == "lost"));
        yield return "rate " + (won + lost == 0 ? "" : decimal.Round((decimal)won / (won + lost), 4).ToString("0.####", CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string> Outcomes(JsonElement answer)
    {
        foreach (var status in new[] { "open", "won", "lost" }) yield return $"{status} {Figure(answer.GetProperty(status))}";
        yield return "rate " + answer.GetProperty("winRate");
    }

    private static string Figure(IEnumerable<Deal> deals)
    {
        var sums = deals.GroupBy(d => d.Currency).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Sum(d => d.Amount).ToString(g.Key == "JPY" ? "F0" : "F2", CultureInfo.InvariantCulture)} {g.Key}").ToList();
        return $"{deals.Count()}: {(sums.Count == 0 ? "0 " : string.Join(", ", sums))}";
    }

    private static string Figure(JsonElement f)
    {
        var sums = f.GetProperty("amounts") is { ValueKind: JsonValueKind.Array } several ? several.EnumerateArray().ToList() : [f];
        return $"{f.GetProperty("count")}: {string.Join(", ", sums.Select(s => $"{s.GetProperty("amount")} {s.GetProperty("currency")}"))}";
    }
}
