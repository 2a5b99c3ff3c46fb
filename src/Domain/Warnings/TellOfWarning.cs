using System.Globalization;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.Domain.Warnings.Learning;

namespace Crm.Domain.Warnings;

/// <summary>Whoever has an opportunity, and his superior, hear once of each sign that it may be lost, when it begins.</summary>
public static class TellOfWarning
{
    public const string Automation = "early-warnings";

    /// <summary>By which alerts are told.</summary>
    public const string Kind = "opportunity-warning";

    // What began longer ago was told of late, by a file or a correction: it is on the list, and nobody is called for it.
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(7);

    /// <summary>Those of which somebody is to hear at a moment.</summary>
    /// <param name="rulesAt">The keys of the rules that were in force at a moment: what was so before a rule was is not told of.</param>
    public static IReadOnlyList<Warning> Fit(
        IReadOnlyList<Warning> warnings, DateTimeOffset now, Func<DateTimeOffset, IReadOnlyCollection<string>> rulesAt) =>
    [
        .. warnings.Where(one => one.Spell.From > now - Fresh && rulesAt(one.Spell.From).Contains(one.Rule.Section.Key))
    ];

    /// <summary>Whether somebody is to hear of what was learned, by what is so of an opportunity since a moment.</summary>
    /// <param name="learnedAt">What was in use at a moment: what was so before it was is not told of.</param>
    public static bool Fits(
        WarningsLearned learned, DateTimeOffset since, DateTimeOffset now, Func<DateTimeOffset, WarningsLearned?> learnedAt) =>
        since > now - Fresh && learnedAt(since)?.ModelId == learned.ModelId;

    /// <summary>Who hears of one, as opportunities call him.</summary>
    /// <param name="alert">Whom the rule names; null where it names nobody.</param>
    /// <param name="above">Those above a rep, the nearest first.</param>
    public static IReadOnlyList<string> Whom(
        Opportunity deal, IReadOnlyList<Whom>? alert, Func<string, IReadOnlyList<string>> above) =>
        deal.Rep is not { } rep ? []
        : [.. (alert ?? [Playbooks.Whom.Owner, Playbooks.Whom.Superior])
            .SelectMany(whom => whom == Playbooks.Whom.Owner ? [rep] : above(rep).Take(1)).Distinct()];

    /// <param name="warning">What the sign is called.</param>
    /// <param name="cause">The last event behind it.</param>
    public static RaiseAlert Alert(string to, Guid opportunity, Opportunity deal, string warning, DateTimeOffset since, Guid cause)
    {
        var given = new Dictionary<string, string>
        {
            ["name"] = Short(deal.Details?.Name ?? ""),
            ["warning"] = warning,
            ["since"] = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["reasons"] = $"/api/v1/opportunities/{opportunity}/warnings"
        };
        return new(to, Kind, AlertSeverity.Warning, new(Automation, cause),
            new(AboutKind.Opportunity, opportunity), given);
    }

    private static string Short(string name) => name.Length <= RaiseAlert.LongestParam ? name : name[..RaiseAlert.LongestParam];
}
