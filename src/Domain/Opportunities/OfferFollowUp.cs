using System.Globalization;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Domain.Opportunities;

/// <summary>Whoever has an open deal that lies still is told once each time, and is to follow up with what there is to help him.</summary>
public static class OfferFollowUp
{
    public const string Automation = "offer-follow-ups";

    /// <summary>By which task and alert are told.</summary>
    public const string Kind = "deal-idle";

    /// <param name="cause">The fact that says since when it lies still.</param>
    /// <param name="now">When it is noticed.</param>
    /// <returns>Null where it is nobody's: nobody would see the task.</returns>
    public static OpenTask? Task(Guid opportunity, Opportunity deal, FollowUpSection section, Guid cause, DateTimeOffset now) =>
        (deal.Rep ?? deal.Team) is null ? null : new(
            section.Title, Kind, now.AddDays(section.DueDays), new About(AboutKind.Opportunity, opportunity), deal.Rep, deal.Team,
            Text: null, new TaskCause(Automation, cause));

    /// <param name="since">When something was done with it last.</param>
    /// <param name="cause">The fact that says so.</param>
    public static RaiseAlert Alert(
        string to, Guid opportunity, Opportunity deal, FollowUpSection section, Guid cause, DateTimeOffset since)
    {
        var given = new Dictionary<string, string>
        {
            ["name"] = Short(deal.Details?.Name ?? ""),
            ["since"] = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["days"] = section.IdleDays.ToString(CultureInfo.InvariantCulture),
            ["pack"] = $"/api/v1/opportunities/{opportunity}/follow-up-pack"
        };
        return new(to, Kind, AlertSeverity.Info, new(Automation, cause), new(AboutKind.Opportunity, opportunity), given);
    }

    private static string Short(string name) => name.Length <= RaiseAlert.LongestParam ? name : name[..RaiseAlert.LongestParam];
}
