using System.Globalization;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Conversion;

/// <summary>A stage of the funnel counted apart from the product: from what each deal was at each moment at which anything happened to it.</summary>
public static class PlainFunnel
{
    private static readonly string[] Stages = ["Prospecting", "Engaging", "Proposal", "Negotiation"];

    private sealed record Visit(string Stage, DateTimeOffset Begun, DateTimeOffset? Ended, string Outcome, string? Reason)
    {
        public decimal? Days => Ended is { } end ? (decimal)(end - Begun).Ticks / TimeSpan.TicksPerDay : null;
    }

    public static string Of(
        string stage, IReadOnlyDictionary<Guid, IReadOnlyList<Fact>> histories, DateTimeOffset? asOf, DateTimeOffset? knownAt,
        DateTimeOffset from, DateTimeOffset to, bool cohort)
    {
        int entered = 0, left = 0;
        var ends = new List<(string Outcome, string? Reason)>();
        var stays = new List<decimal>();
        foreach (var (id, history) in histories)
        {
            var now = PlainFold.Of(id, history, asOf, knownAt);
            var visits = now is null ? [] : Visits(id, history, asOf, knownAt).Where(v => v.Stage == stage).ToList();
            if (cohort && now is not null && visits.Count > 0 && In(now.OpenedAt))
            {
                entered++;
                ends.Add((visits[^1].Outcome, visits[^1].Reason));
                if (visits.TrueForAll(v => v.Ended is not null)) stays.Add(visits.Sum(v => v.Days!.Value));
            }

            if (!cohort)
            {
                entered += visits.Count(v => In(v.Begun));
                var over = visits.Where(v => v.Ended is { } end && In(end)).ToList();
                ends.AddRange(over.Select(v => (v.Outcome, v.Reason)));
                stays.AddRange(over.Select(v => v.Days!.Value));
            }
        }

        left = cohort ? entered : ends.Count;
        var rate = left == 0 ? "" : decimal.Round((decimal)Count("on") / left, 4).ToString("0.####", CultureInfo.InvariantCulture);
        var stay = stays.Count == 0 ? "" : decimal.Round(stays.Average(), 4).ToString("0.####", CultureInfo.InvariantCulture);
        var losses = ends.Where(e => e.Outcome == "lost").GroupBy(e => e.Reason).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Key}:{g.Count()}");
        return $"{stage}: {entered} {Count("on")} {Count("back")} {Count("lost")} {Count("open")} {rate} {stay} {string.Join(',', losses)}";

        bool In(DateTimeOffset moment) => moment >= from && moment < to;

        int Count(string outcome) => ends.Count(e => e.Outcome == outcome);
    }

    // Between two facts of the same time nobody could look; the fold with ever more facts tells them apart.
    private static IEnumerable<Visit> Visits(Guid id, IReadOnlyList<Fact> history, DateTimeOffset? asOf, DateTimeOffset? knownAt)
    {
        var states = PlainFold.States(id, history, asOf, knownAt).Where(s => s.Deal is not null).Select(s => (s.At, Deal: s.Deal!)).ToList();
        var changes = states.Where((s, i) => i == 0 || s.Deal.Status != states[i - 1].Deal.Status || s.Deal.Stage != states[i - 1].Deal.Stage).ToList();
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Deal.Status != "open") continue;
            yield return i == changes.Count - 1
                ? new Visit(changes[i].Deal.Stage!, changes[i].At, null, "open", null)
                : new Visit(changes[i].Deal.Stage!, changes[i].At, changes[i + 1].At, Outcome(changes[i].Deal, changes[i + 1].Deal), changes[i + 1].Deal.LossReason);
        }
    }

    private static string Outcome(Deal before, Deal after) => after.Status switch
    {
        "won" => "on",
        "lost" => "lost",
        _ => Array.IndexOf(Stages, after.Stage) > Array.IndexOf(Stages, before.Stage) ? "on" : "back"
    };
}
