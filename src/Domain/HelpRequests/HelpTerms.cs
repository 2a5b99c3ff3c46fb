using Crm.Domain.Access;
using Crm.Domain.Calendars;
using Crm.Domain.Playbooks;

namespace Crm.Domain.HelpRequests;

/// <summary>By what help is decided: how soon it is due, who there is, and what time it is.</summary>
/// <param name="Version">Of the playbook that says so; null where none is known.</param>
public sealed record HelpTerms(HelpPolicy Policy, HelpStaff Staff, DateTimeOffset Now, long? Version = null);

/// <summary>What a playbook says of help, made ready to count by. It is made of playbooks that were published, and so have no
/// faults.</summary>
public sealed class HelpPolicy
{
    private readonly HelpSection? section;
    private readonly BusinessCalendar? calendar;

    private HelpPolicy(PlaybookDocument? document, IZones zones)
    {
        section = document?.Help;
        calendar = document?.Calendars?.FirstOrDefault(one => one.Key == section?.Calendar)?.Made(zones);
    }

    public int Escalations => section?.Escalations ?? 0;

    public static HelpPolicy Of(PlaybookDocument? document, IZones zones) => new(document, zones);

    /// <summary>By when whoever is asked at a moment is to answer; null where he has as long as he likes.</summary>
    public DateTimeOffset? DueAt(DateTimeOffset from) => After(from, section?.AnswerWithinMinutes);

    public DateTimeOffset? RemindAt(DateTimeOffset from) => After(from, section?.RemindMinutes);

    /// <summary>How much of a span of time people were at work; null where the playbook names no calendar for help.</summary>
    public TimeSpan? Worked(DateTimeOffset from, DateTimeOffset to) => calendar?.Worked(from, to);

    private DateTimeOffset? After(DateTimeOffset from, int? minutes) => minutes is not { } count ? null
        : calendar is null ? from.AddMinutes(count) : calendar.After(from, TimeSpan.FromMinutes(count), Counting.OpenHours);
}

/// <summary>Who there is to be asked for help: members, and to whom they report.</summary>
/// <param name="Reps">By the playbook that is in force.</param>
public sealed record HelpStaff(Organisation Organisation, IReadOnlyList<RepSection> Reps)
{
    /// <summary>Who is asked next: the nearest above a member who may answer, or else whoever manages his team or one above it, or else
    /// an admin; null where there is nobody.</summary>
    /// <param name="asker">Nobody answers himself.</param>
    public (string Member, HelpFoundBy By)? Next(string member, string asker)
    {
        var all = Above(member).Select(one => (Member: one, By: HelpFoundBy.Superior))
            .Concat(ManagersOf(member).Select(one => (Member: one, By: HelpFoundBy.TeamManager)))
            .Concat(Organisation.Members.Where(one => one.Value.Role == BuiltInRoles.Admin)
                .Select(one => (Member: one.Key, By: HelpFoundBy.Admin)));
        return all.Where(one => one.Member != member && one.Member != asker && IsHere(one.Member))
            .Select(one => ((string, HelpFoundBy)?)one).FirstOrDefault();
    }

    /// <summary>Whether a member reports to another, through however many.</summary>
    public bool IsAbove(string other, string member) => Above(member).Contains(other);

    /// <summary>Whether a member may come in, and may answer.</summary>
    public bool IsHere(string member) =>
        Organisation.Active(member) is { } active && Organisation.RightsOf(active).Functions.Contains(Functions.HelpAnswer);

    // Whoever sees the records of a whole team manages it. Above one who does so himself is the next team.
    private IEnumerable<string> ManagersOf(string member)
    {
        var own = Organisation.Members.GetValueOrDefault(member);
        var met = new HashSet<string>(StringComparer.Ordinal);
        var least = RecordScope.Team;
        for (var team = own?.Team; team is not null && met.Add(team); team = Organisation.Teams.GetValueOrDefault(team)?.Parent)
        {
            var (level, scope) = (team, least);
            foreach (var one in Organisation.Members.Where(one => one.Value.Team == level && Scope(one.Value) >= scope
                && (met.Count > 1 || Scope(own!) < RecordScope.Team)))
                yield return one.Key;
            least = RecordScope.Subtree;
        }

        RecordScope Scope(Member one) => Organisation.RightsOf(one).Scope;
    }

    private IEnumerable<string> Above(string member) =>
        Superiors.Above(Reps, Organisation.Members.GetValueOrDefault(member)?.Rep ?? member)
            .SelectMany(rep => Organisation.Members.Where(one => (one.Value.Rep ?? one.Key) == rep).Select(one => one.Key));
}
