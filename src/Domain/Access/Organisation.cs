using System.Collections.Immutable;

namespace Crm.Domain.Access;

/// <summary>A tenant's people and programs, its teams, its roles and its keys: who may do what.</summary>
public sealed record Organisation
{
    public static readonly Organisation None = new();

    public TenantAdded? Tenant { get; private init; }

    /// <summary>By id.</summary>
    public ImmutableSortedDictionary<string, Team> Teams { get; private init; } = Empty<Team>();

    public ImmutableSortedDictionary<string, Rights> Roles { get; private init; } = BuiltInRoles.All;

    public ImmutableSortedDictionary<string, Member> Members { get; private init; } = Empty<Member>();

    /// <summary>Members who are shut out.</summary>
    public ImmutableSortedSet<string> Suspended { get; private init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, ApiKey> Keys { get; private init; } = Empty<ApiKey>();

    /// <summary>Where each member's calendar is, by member.</summary>
    public ImmutableSortedDictionary<string, CalendarAddressIssued> Calendars { get; private init; } = Empty<CalendarAddressIssued>();

    private ImmutableDictionary<string, string> CalendarOwners { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The member behind each login, by issuer and subject.</summary>
    public ImmutableDictionary<(string Issuer, string Subject), string> Logins { get; private init; } =
        ImmutableDictionary<(string, string), string>.Empty;

    public static Organisation Evolve(Organisation state, IAccessEvent @event) => @event switch
    {
        TenantAdded e => state with { Tenant = e },
        TeamAdded e => state with { Teams = state.Teams.SetItem(e.Team, new Team(e.Name, e.Parent)) },
        TeamMoved e => state.WithTeam(e.Team, team => team with { Parent = e.Parent }),
        RoleDefined e => state with { Roles = state.Roles.SetItem(e.Role, new Rights([.. e.Functions], e.Scope, [.. e.HiddenFields])) },
        MemberAdded e => state with { Members = state.Members.SetItem(e.Member, new Member(e.Kind, e.Role, e.Name, e.Team, e.Rep)) },
        MemberRoleGiven e => state.WithMember(e.Member, member => member with { Role = e.Role }),
        MemberTeamJoined e => state.WithMember(e.Member, member => member with { Team = e.Team }),
        MemberSuspended e => state with { Suspended = state.Suspended.Add(e.Member) },
        MemberReinstated e => state with { Suspended = state.Suspended.Remove(e.Member) },
        LoginLinked e => state with { Logins = state.Logins.SetItem((e.Issuer, e.Subject), e.Member) },
        LoginUnlinked e => state with { Logins = state.Logins.Remove((e.Issuer, e.Subject)) },
        ApiKeyIssued e => state with { Keys = state.Keys.SetItem(e.Key, new ApiKey(e, Revoked: false, Until: e.ExpiresAt)) },
        ApiKeyRotated e => state.WithKey(e.Key, key => key with { Until = key.Until < e.Until ? key.Until : e.Until }),
        ApiKeyRevoked e => state.WithKey(e.Key, key => key with { Revoked = true }),
        CalendarAddressIssued e => state.WithoutCalendarAt(state.Calendars.GetValueOrDefault(e.Member)?.Address).WithCalendar(e),
        CalendarAddressRevoked e => state.WithoutCalendarAt(e.Address),
        _ => state
    };

    /// <summary>A member who may come in now; null for a stranger and for one who is suspended.</summary>
    public Member? Active(string member) => Suspended.Contains(member) ? null : Members.GetValueOrDefault(member);

    public CalendarAddressIssued? CalendarAt(string address) =>
        CalendarOwners.TryGetValue(address, out var member) ? Calendars[member] : null;

    /// <summary>Members who may come in now, of those whom leads and opportunities call so.</summary>
    public IEnumerable<string> ActiveMembersOf(string rep) =>
        Members.Where(one => (one.Value.Rep ?? one.Key) == rep).Select(one => one.Key).Where(member => Active(member) is not null);

    /// <summary>Whoever is shut out, as leads and opportunities call him; not where another who is called so may come in.</summary>
    public IReadOnlySet<string> SuspendedReps => Suspended.IsEmpty ? new HashSet<string>() : Members.ToLookup(member => member.Value.Rep ?? member.Key, member => member.Key)
        .Where(rep => rep.All(Suspended.Contains)).Select(rep => rep.Key).ToHashSet();

    public Rights RightsOf(Member member) => Roles.GetValueOrDefault(member.Role) ?? new Rights([], RecordScope.Own, []);

    /// <summary>The team itself and all below it.</summary>
    public IReadOnlyList<string> Subtree(string team) => [.. Levels(team).SelectMany(level => level)];

    /// <summary>Of how many levels the team and those below it are.</summary>
    public int HeightOf(string team) => Levels(team).Count();

    // A team whose parent is itself below it would go round for ever: each is met once.
    private IEnumerable<IReadOnlyList<string>> Levels(string team)
    {
        var below = Teams.Where(t => t.Value.Parent is not null).ToLookup(t => t.Value.Parent!, t => t.Key, StringComparer.Ordinal);
        var met = new HashSet<string>(StringComparer.Ordinal) { team };
        for (IReadOnlyList<string> level = [team]; level.Count > 0; level = [.. level.SelectMany(above => below[above]).Where(met.Add)])
        {
            yield return level;
        }
    }

    /// <summary>Whose records somebody sees; null for everybody's.</summary>
    public (IReadOnlyList<string> Reps, IReadOnlyList<string> Teams)? OwnersFor(string member, RecordScope scope)
    {
        var own = Members.GetValueOrDefault(member);
        var rep = own?.Rep ?? member;
        IReadOnlyList<string> teams = scope switch
        {
            RecordScope.Team when own?.Team is { } team => [team],
            RecordScope.Subtree when own?.Team is { } team => Subtree(team),
            _ => []
        };
        return scope == RecordScope.All
            ? null
            : ([.. Members.Where(m => m.Value.Team is { } team && teams.Contains(team)).Select(m => m.Value.Rep ?? m.Key).Append(rep).Distinct()], teams);
    }

    private Organisation WithCalendar(CalendarAddressIssued calendar) => this with
    {
        Calendars = Calendars.SetItem(calendar.Member, calendar),
        CalendarOwners = CalendarOwners.SetItem(calendar.Address, calendar.Member)
    };

    private Organisation WithoutCalendarAt(string? address) => address is not null && CalendarAt(address) is { } calendar
        ? this with { Calendars = Calendars.Remove(calendar.Member), CalendarOwners = CalendarOwners.Remove(address) }
        : this;

    private Organisation WithTeam(string id, Func<Team, Team> change) =>
        Teams.TryGetValue(id, out var team) ? this with { Teams = Teams.SetItem(id, change(team)) } : this;

    private Organisation WithMember(string id, Func<Member, Member> change) =>
        Members.TryGetValue(id, out var member) ? this with { Members = Members.SetItem(id, change(member)) } : this;

    private Organisation WithKey(string id, Func<ApiKey, ApiKey> change) =>
        Keys.TryGetValue(id, out var key) ? this with { Keys = Keys.SetItem(id, change(key)) } : this;

    private static ImmutableSortedDictionary<string, T> Empty<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}

public sealed record Team(string Name, string? Parent);

/// <param name="Rep">What leads and opportunities call this member; null where they use its id.</param>
public sealed record Member(MemberKind Kind, string Role, Personal? Name, string? Team, string? Rep);

/// <param name="Until">From then on it opens nothing; null for never.</param>
public sealed record ApiKey(ApiKeyIssued Issued, bool Revoked, DateTimeOffset? Until)
{
    public bool OpensAt(DateTimeOffset now) => !Revoked && (Until is null || now < Until);
}
