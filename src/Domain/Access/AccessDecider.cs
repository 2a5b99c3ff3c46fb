using System.Text.RegularExpressions;
using static Crm.Domain.Access.AccessRules;

namespace Crm.Domain.Access;

/// <summary>Who may be given what. A tenant always keeps somebody who can manage access.</summary>
public static partial class AccessDecider
{
    // Who acts in the name of the program.
    private static readonly string[] Programs = ["developer", "operator", "import", "sample", "webhooks"];

    public static readonly Decider<Organisation, IAccessCommand, IAccessEvent> Instance = new("access", Organisation.None, Decide, Organisation.Evolve);

    public static IReadOnlyList<IAccessEvent> Decide(Organisation state, IAccessCommand command) => (state, command) switch
    {
        (_, AddTenant c) when state.Tenant == new TenantAdded(c.Name, c.Zone) => [],
        ({ Tenant: not null }, AddTenant) => throw Rejection.WrongState("access.tenant-added", "This tenant is there already, with another name or zone."),
        (_, AddTenant c) => [new TenantAdded(c.Name, c.Zone)],

        (_, AddTeam c) => TeamRules.Add(state, c),
        (_, MoveTeam c) => TeamRules.Move(state, c),
        (_, DefineRole c) => DefineRole(state, c),
        (_, AddMember c) => AddMember(state, c),
        (_, GiveRole c) => GiveRole(state, c),
        (_, JoinTeam c) => JoinTeam(state, c),
        (_, SuspendMember c) => Suspend(state, c),
        (_, ReinstateMember c) => Reinstate(state, c),
        (_, LinkLogin c) => Link(state, c),
        (_, UnlinkLogin c) => Unlink(state, c),
        (_, IssueApiKey c) when state.Keys.ContainsKey(c.Key) => [],
        (_, IssueApiKey c) => KeyRules.Issue(state, c),
        (_, RotateApiKey c) when state.Keys.ContainsKey(c.Successor) => [],
        (_, RotateApiKey c) => KeyRules.Rotate(state, c),
        (_, RevokeApiKey c) => KeyRules.KnownKey(state, c.Key, c.Giver).Revoked ? [] : [new ApiKeyRevoked(c.Key, c.Reason)],
        (_, IssueCalendarAddress c) when state.CalendarAt(c.Address) is not null => [],
        (_, IssueCalendarAddress c) => [new CalendarAddressIssued(c.Address, MustBeMember(state, c.Member), c.Hash)],
        (_, RevokeCalendarAddress c) when !state.Calendars.ContainsKey(c.Member) => [],
        (_, RevokeCalendarAddress c) => [new CalendarAddressRevoked(state.Calendars[c.Member].Address, c.Reason)],
        _ => []
    };

    private static IReadOnlyList<IAccessEvent> DefineRole(Organisation state, DefineRole c)
    {
        MustBeId(c.Role, "id");
        if (BuiltInRoles.All.ContainsKey(c.Role))
        {
            throw Rejection.BrokenRule("access.role-built-in", $"'{c.Role}' is a role that every tenant has; choose another id.", "id");
        }

        MustBeFunctions(c.Functions);
        if (c.HiddenFields.FirstOrDefault(field => !Field().IsMatch(field)) is { } wrong)
        {
            throw Rejection.BrokenRule("access.field", $"'{wrong}' does not name a field; write it as opportunity.amount.", "hiddenFields");
        }

        if (c.Functions.Contains(Functions.MembersManage) && c.Scope != RecordScope.All)
        {
            // Whoever moves teams and members moves records into sight, so nothing can be out of it.
            throw Rejection.BrokenRule("access.manage-scope", "A role that manages members sees all records: its scope must be all.", "scope");
        }

        MustHaveRoom(state.Roles.Count);
        var rights = new Rights([.. c.Functions], c.Scope, [.. c.HiddenFields]);
        MustHave(c.Giver, rights);
        var known = state.Roles.GetValueOrDefault(c.Role);
        if (known is not null && Same(known, rights))
        {
            return [];
        }

        if (known is not null)
        {
            MustHave(c.Giver, known);
        }

        var defined = new RoleDefined(c.Role, [.. rights.Functions], c.Scope, [.. rights.HiddenFields]);
        MustKeepAnAdmin(state, defined);
        return [defined];
    }

    private static IReadOnlyList<IAccessEvent> AddMember(Organisation state, AddMember c)
    {
        MustBeId(c.Member, "id");
        if (Programs.Contains(c.Member))
        {
            throw Rejection.BrokenRule("access.id", $"'{c.Member}' stands for the program itself in the audit trail; choose another id.", "id");
        }

        if (state.Members.TryGetValue(c.Member, out var known))
        {
            return known with { Name = c.Name } == new Member(c.Kind, c.Role, c.Name, c.Team, c.Rep)
                ? []
                : throw Rejection.WrongState("access.member-added", "A member of this id is there already.");
        }

        MustHaveRoom(state.Members.Count);
        MustHave(c.Giver, RoleOf(state, c.Role));
        MustBeTeam(state, c.Team, "team");
        return [new MemberAdded(c.Member, c.Kind, c.Role, c.Name, c.Team, c.Rep)];
    }

    private static IReadOnlyList<IAccessEvent> GiveRole(Organisation state, GiveRole c)
    {
        var member = KnownMember(state, c.Member, c.Giver);
        MustHave(c.Giver, RoleOf(state, c.Role));
        if (member.Role == c.Role)
        {
            return [];
        }

        var given = new MemberRoleGiven(c.Member, c.Role);
        MustKeepAnAdmin(state, given);
        return [given];
    }

    private static IReadOnlyList<IAccessEvent> JoinTeam(Organisation state, JoinTeam c)
    {
        var member = KnownMember(state, c.Member, c.Giver);
        MustBeTeam(state, c.Team, "team");
        return member.Team == c.Team ? [] : [new MemberTeamJoined(c.Member, c.Team)];
    }

    private static IReadOnlyList<IAccessEvent> Suspend(Organisation state, SuspendMember c)
    {
        KnownMember(state, c.Member, c.Giver);
        if (state.Suspended.Contains(c.Member))
        {
            return [];
        }

        var suspended = new MemberSuspended(c.Member, c.Reason);
        MustKeepAnAdmin(state, suspended);
        return [suspended];
    }

    private static IReadOnlyList<IAccessEvent> Reinstate(Organisation state, ReinstateMember c)
    {
        KnownMember(state, c.Member, c.Giver);
        return state.Suspended.Contains(c.Member) ? [new MemberReinstated(c.Member)] : [];
    }

    private static IReadOnlyList<IAccessEvent> Link(Organisation state, LinkLogin c)
    {
        KnownMember(state, c.Member, c.Giver);
        return state.Logins.GetValueOrDefault((c.Issuer, c.Subject)) switch
        {
            null => [new LoginLinked(c.Member, c.Issuer, c.Subject)],
            var member when member == c.Member => [],
            _ => throw Rejection.WrongState("access.login-linked", "This login is another member's.")
        };
    }

    private static IReadOnlyList<IAccessEvent> Unlink(Organisation state, UnlinkLogin c)
    {
        KnownMember(state, c.Member, c.Giver);
        return state.Logins.GetValueOrDefault((c.Issuer, c.Subject)) == c.Member ? [new LoginUnlinked(c.Member, c.Issuer, c.Subject)] : [];
    }

    private static Rights RoleOf(Organisation state, string role) => state.Roles.GetValueOrDefault(role) ?? throw Rejection.BrokenRule(
        "access.role-unknown", $"There is no role '{role}'; there are: {string.Join(", ", state.Roles.Keys)}.", "role");

    // Whoever locks the last door from outside needs an operator to open it.
    private static void MustKeepAnAdmin(Organisation state, IAccessEvent next)
    {
        if (HasAdmin(state) && !HasAdmin(Organisation.Evolve(state, next)))
        {
            throw Rejection.WrongState("access.last-admin", "Nobody would be left who may do everything; give somebody else the role admin first.");
        }
    }

    private static bool HasAdmin(Organisation state) =>
        state.Members.Any(member => !state.Suspended.Contains(member.Key) && state.RightsOf(member.Value).Cover(Rights.Everything));

    private static bool Same(Rights one, Rights other) =>
        one.Functions.SetEquals(other.Functions) && one.Scope == other.Scope && one.HiddenFields.SetEquals(other.HiddenFields);

    [GeneratedRegex(@"\A(lead|customer|contact|campaign|opportunity|order|task|ticket|product-request|help-request)\.[a-z][A-Za-z]{0,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Field();
}
