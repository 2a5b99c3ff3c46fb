using Crm.Domain.Tasks;

namespace Crm.Domain.HelpRequests;

/// <summary>Somebody is to hear of a request for help.</summary>
public sealed record HelpNotice(string To, string Kind, AlertSeverity Severity, IReadOnlyDictionary<string, string> Params);

/// <summary>Whoever is asked for help hears of it at once, and whoever asked hears how it went on.</summary>
public static class TellOfHelp
{
    public const string Asked = "help-asked";
    public const string Reminder = "help-reminder";
    public const string Escalated = "help-escalated";
    public const string Answered = "help-answered";
    public const string Unanswered = "help-unanswered";

    /// <param name="before">Before the facts.</param>
    public static IReadOnlyList<HelpNotice> React(HelpRequest before, IReadOnlyList<IHelpEvent> facts)
    {
        var after = facts.Aggregate(before, HelpRequest.Evolve);
        return after.Asked is not { } asked ? [] : [.. facts.Select(Notice).OfType<HelpNotice>()];

        HelpNotice? Notice(IHelpEvent fact) => fact switch
        {
            HelpAsked e => new(e.To, Asked, AlertSeverity.Warning, Params(asked, e.DueAt)),
            HelpHandedOn e => new(e.To, Asked, AlertSeverity.Warning, Params(asked, e.DueAt)),
            HelpEscalated e => new(e.To, Escalated, AlertSeverity.Critical, Params(asked, e.DueAt, e.From)),
            HelpReminded e => new(e.Member, Reminder, AlertSeverity.Warning, Params(asked, after.DueAt)),
            HelpAnswered e => new(asked.By, Answered, AlertSeverity.Info, Params(asked, dueAt: null, e.By)),
            HelpLeftUnanswered e => new(asked.By, Unanswered, AlertSeverity.Warning, Params(asked, dueAt: null, e.Member)),
            _ => null
        };
    }

    // Nothing of a person is among it: what was said is read in the request.
    private static IReadOnlyDictionary<string, string> Params(HelpAsked asked, DateTimeOffset? dueAt, string? other = null)
    {
        (string Name, string? Value)[] all =
        [
            ("what", asked.Kind.ToString().ToLowerInvariant()), ("asker", asked.By), ("other", other),
            ("dueAt", dueAt?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture))
        ];
        return all.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value!);
    }
}
