using System.Globalization;
using Crm.Domain.Tasks;

namespace Crm.Domain.Leads;

/// <summary>Somebody is to hear of a lead.</summary>
/// <param name="Rep">Who, as leads call him.</param>
/// <param name="Params">What it is told with; nothing of a person is among it.</param>
public sealed record LeadNotice(string Rep, string Kind, AlertSeverity Severity, IReadOnlyDictionary<string, string> Params);

/// <summary>Reps hear of leads that become theirs and of what is due, and those above them of what was not done.</summary>
public static class TellOfLead
{
    /// <param name="above">Those above a rep, the nearest first.</param>
    public static IEnumerable<LeadNotice> React(Lead lead, ILeadEvent fact, Func<string, IReadOnlyList<string>> above)
    {
        return fact switch
        {
            LeadAssigned { Ground: { By: AssignedBy.Rule or AssignedBy.Rounds } } e => [Told(e.Rep, "lead-given", AlertSeverity.Info, ("respondBy", Text(e.Terms?.RespondBy)))],
            LeadReminded e => [Told(e.Rep, "lead-reminder", AlertSeverity.Warning, ("respondBy", Text(e.RespondBy)))],
            LeadResponseMissed e => ((string[])[e.Rep, .. above(e.Rep).Take(1)])
                .Select(rep => Told(rep, "lead-missed", AlertSeverity.Critical, ("rep", e.Rep), ("respondBy", Text(e.RespondBy)))),
            LeadBandEntered { Band: "high" } e when lead.Rep is { } rep => [Told(rep, "lead-hot", AlertSeverity.Warning, ("points", e.Points.ToString("0.#", CultureInfo.InvariantCulture)))],
            LeadSilent { Told: { } told } e => [Told(told, "lead-silent", AlertSeverity.Warning, ("rep", e.Rep), ("since", Text(e.Since)))],
            _ => []
        };

        LeadNotice Told(string rep, string kind, AlertSeverity severity, params (string Name, string? Value)[] with) => new(rep, kind, severity,
            ((IEnumerable<(string Name, string? Value)>)[("company", lead.Details?.Company), .. with]).Where(one => one.Value is not null).ToDictionary(one => one.Name, one => Fitting(one.Value!)));
    }

    // Nobody goes without a lead since a name is long.
    private static string Fitting(string text) => text.Length <= RaiseAlert.LongestParam ? text
        : text[..(RaiseAlert.LongestParam - (char.IsHighSurrogate(text[RaiseAlert.LongestParam - 2]) ? 2 : 1))] + "…";

    private static string? Text(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
