using System.Globalization;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Domain.Opportunities;

/// <summary>Somebody is to hear of an opportunity.</summary>
/// <param name="Rep">Who, as opportunities call him.</param>
/// <param name="Params">What it is told with; nothing of a person is among it.</param>
public sealed record OpportunityNotice(string Rep, string Kind, AlertSeverity Severity, IReadOnlyDictionary<string, string> Params);

/// <summary>Those whom a limit names hear that it is over, those further up when it still is, and whoever has it of evidence that is
/// gone.</summary>
public static class TellOfMark
{
    public const string OverLimit = "opportunity-over-limit";
    public const string StillOverLimit = "opportunity-still-over-limit";
    public const string EvidenceGone = "opportunity-evidence-gone";

    // Less than that nobody takes for late.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <param name="limit">The limit that a mark is of; null where it is of none.</param>
    /// <param name="above">Those above a rep, the nearest first.</param>
    /// <param name="now">When it is told.</param>
    public static IReadOnlyList<OpportunityNotice> React(
        Opportunity deal, IOpportunityEvent fact, LimitSection? limit, Func<string, IReadOnlyList<string>> above, DateTimeOffset now)
    {
        if (deal.Rep is not { } owner)
        {
            return [];
        }

        return fact switch
        {
            OpportunityMarked { Of: MarkOf.Evidence } e =>
                [Told(deal, owner, EvidenceGone, ("gone", string.Join(", ", (e.Gone ?? []).Select(one => one.Name))))],
            OpportunityMarked e => [.. (limit?.Alert ?? []).SelectMany(whom => Whose(owner, whom, above)).Distinct().Select(Over(e))],
            OpportunityMarkEscalated { Told: { } told } e =>
            [
                Told(deal, told, StillOverLimit, ("limit", limit?.Name ?? e.Limit), ("stage", deal.Stage), ("dueAt", Text(e.Due)),
                    ("late", LateBy(e.Due, now)))
            ],
            _ => []
        };

        Func<string, OpportunityNotice> Over(OpportunityMarked e) => rep => Told(
            deal, rep, OverLimit, ("limit", e.Name), ("stage", e.Stage), ("since", Text(e.Since)), ("dueAt", Text(e.Due)),
            ("late", LateBy(e.Due, now)));
    }

    private static IEnumerable<string> Whose(string rep, Whom whom, Func<string, IReadOnlyList<string>> above) =>
        whom == Whom.Owner ? [rep] : above(rep).Take(1);

    private static OpportunityNotice Told(Opportunity deal, string rep, string kind, params (string Name, string? Value)[] with) => new(
        rep, kind, kind == StillOverLimit ? AlertSeverity.Critical : AlertSeverity.Warning,
        ((IEnumerable<(string Name, string? Value)>)[("name", deal.Details?.Name), ("rep", deal.Rep), .. with])
            .Where(one => one.Value is not null).ToDictionary(one => one.Name, one => Fitting(one.Value!)));

    // Nobody goes without since a name is long.
    private static string Fitting(string text) => text.Length <= RaiseAlert.LongestParam ? text
        : text[..(RaiseAlert.LongestParam - (char.IsHighSurrogate(text[RaiseAlert.LongestParam - 2]) ? 2 : 1))] + "…";

    // Whoever was not there when it was due says so; to the minute, rounded up.
    private static string? LateBy(DateTimeOffset due, DateTimeOffset now) => now - due < Late ? null
        : Math.Ceiling((now - due).TotalMinutes).ToString("0", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'",
        CultureInfo.InvariantCulture);
}
