using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.Calendars;
using Crm.Domain.Playbooks;

namespace Crm.Domain.DailyReports;

/// <param name="Rep">What records call the member.</param>
public sealed record DailyReporter(string Member, string Rep, string? Team);

/// <summary>Who reports on his day.</summary>
public static class DailyStaff
{
    /// <summary>
    /// Those of whom a report is looked for: reps of the playbook who take leads, who may come in and report, on workdays of their
    /// calendars and while nobody stands in for them.
    /// </summary>
    /// <param name="moment">When it is due; who is away then is not asked.</param>
    public static IEnumerable<DailyReporter> Expected(
        PlaybookDocument document, Organisation organisation, ApprovalDelegations away, DateOnly day, DateTimeOffset moment, IZones zones)
    {
        var calendars = (document.Calendars ?? []).DistinctBy(one => one.Key).ToDictionary(one => one.Key, one => one.Made(zones));
        return (document.Reps ?? []).Where(rep => rep.TakesLeads && IsWorkday(rep))
            .SelectMany(rep => organisation.ActiveMembersOf(rep.Rep).Select(member => Of(organisation, member)))
            .Where(one => Reports(organisation, one.Member) && !IsAway(one.Member));

        bool IsWorkday(RepSection rep) =>
            rep.Calendar is not { } key || !calendars.TryGetValue(key, out BusinessCalendar? calendar) || calendar.IsWorkday(day);

        bool IsAway(string member) => away.Of.TryGetValue(member, out var one) && one.From <= moment && moment < one.Until;
    }

    /// <summary>The nearest above somebody who may come in; none where there is nobody.</summary>
    public static IReadOnlyList<string> Superior(PlaybookDocument? document, Organisation organisation, string rep) =>
        Superiors.Above(document?.Reps ?? [], rep).Select(above => organisation.ActiveMembersOf(above).ToList())
            .FirstOrDefault(members => members.Count > 0) ?? [];

    public static DailyReporter Of(Organisation organisation, string member)
    {
        var known = organisation.Members.GetValueOrDefault(member);
        return new(member, known?.Rep ?? member, known?.Team);
    }

    private static bool Reports(Organisation organisation, string member) => organisation.Active(member) is { Kind: MemberKind.Person } one
        && organisation.RightsOf(one).Functions.Contains(Functions.DailyReportsWrite);
}
