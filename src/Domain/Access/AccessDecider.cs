using System.Text.RegularExpressions;

namespace Crm.Domain.Access;

public interface IAccessCommand;

public sealed record AddTenant(string Name, string Zone) : IAccessCommand;

public sealed record AddTeam(string Team, string Name, string? Parent = null) : IAccessCommand;
public sealed record MoveTeam(string Team, string? Parent = null) : IAccessCommand;

/// <param name="Giver">What the one who says so may do: nobody gives what he does not have.</param>
public sealed record DefineRole(
    string Role, IReadOnlyList<string> Functions, RecordScope Scope, IReadOnlyList<string> HiddenFields, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
public sealed record AddMember(
    string Member, MemberKind Kind, string Role, Personal? Name, string? Team, string? Rep, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
public sealed record GiveRole(string Member, string Role, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
public sealed record JoinTeam(string Member, string? Team, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
public sealed record SuspendMember(string Member, string? Reason, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
public sealed record ReinstateMember(string Member, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
public sealed record LinkLogin(string Member, string Issuer, string Subject, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
public sealed record UnlinkLogin(string Member, string Issuer, string Subject, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
public sealed record IssueApiKey(
    string Key, string Member, string Name, string Hash, IReadOnlyList<string>? Functions, DateTimeOffset? ExpiresAt, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
/// <param name="Until">How long the old key still opens.</param>
public sealed record RotateApiKey(string Key, string Successor, string Hash, DateTimeOffset Until, DateTimeOffset Now, Rights Giver) : IAccessCommand;

/// <inheritdoc cref="DefineRole"/>
public sealed record RevokeApiKey(string Key, string? Reason, Rights Giver) : IAccessCommand;

/// <summary>Who may be given what. A tenant always keeps somebody who can manage access.</summary>
public static partial class AccessDecider
{
    private const int Deepest = 10;
    private const int MostEntries = 20_000;

    // Who acts in the name of the program.
    private static readonly string[] Programs = ["developer", "operator", "import", "sample"];

    public static readonly Decider<Organisation, IAccessCommand, IAccessEvent> Instance = new("access", Organisation.None, Decide, Organisation.Evolve);

    public static IReadOnlyList<IAccessEvent> Decide(Organisation state, IAccessCommand command) => (state, command) switch
    {
        (_, AddTenant c) when state.Tenant == new TenantAdded(c.Name, c.Zone) => [],
        ({ Tenant: not null }, AddTenant) => throw Rejection.WrongState("access.tenant-added", "This tenant is there already, with another name or zone."),
        (_, AddTenant c) => [new TenantAdded(c.Name, c.Zone)],

        (_, AddTeam c) => AddTeam(state, c),
        (_, MoveTeam c) => MoveTeam(state, c),
        (_, DefineRole c) => DefineRole(state, c),
        (_, AddMember c) => AddMember(state, c),
        (_, GiveRole c) => GiveRole(state, c),
        (_, JoinTeam c) => JoinTeam(state, c),
        (_, SuspendMember c) => Suspend(state, c),
        (_, ReinstateMember c) => Reinstate(state, c),
        (_, LinkLogin c) => Link(state, c),
        (_, UnlinkLogin c) => Unlink(state, c),
        (_, IssueApiKey c) when state.Keys.ContainsKey(c.Key) => [],
        (_, IssueApiKey c) => Issue(state, c),
        (_, RotateApiKey c) when state.Keys.ContainsKey(c.Successor) => [],
        (_, RotateApiKey c) => Rotate(state, c),
        (_, RevokeApiKey c) => KnownKey(state, c.Key, c.Giver).Revoked ? [] : [new ApiKeyRevoked(c.Key, c.Reason)],
        _ => []
    };

    private static IReadOnlyList<IAccessEvent> AddTeam(Organisation state, AddTeam c)
    {
        if (!TeamId().IsMatch(c.Team))
        {
            throw Rejection.BrokenRule("access.id", "A team's id is what leads and opportunities call it: 1 to 60 characters without '/' and control characters.", "id");
        }

        if (state.Teams.TryGetValue(c.Team, out var known))
        {
            return known == new Team(c.Name, c.Parent) ? [] : throw Rejection.WrongState("access.team-added", "A team of this id is there already.");
        }

        MustHaveRoom(state.Teams.Count);
        MustFit(state, c.Team, c.Parent);
        return [new TeamAdded(c.Team, c.Name, c.Parent)];
    }

    private static IReadOnlyList<IAccessEvent> MoveTeam(Organisation state, MoveTeam c)
    {
        var team = state.Teams.GetValueOrDefault(c.Team) ?? throw Rejection.Unknown("access.team-unknown", "There is no such team.");
        if (team.Parent == c.Parent)
        {
            return [];
        }

        MustFit(state, c.Team, c.Parent);
        return [new TeamMoved(c.Team, c.Parent)];
    }

    private static IReadOnlyList<IAccessEvent> DefineRole(Organisation state, DefineRole c)
    {
        MustBeId(c.Role, "id");
        if (BuiltInRoles.All.ContainsKey(c.Role))
        {
            throw Rejection.BrokenRule("access.role-built-in", $"'{c.Role}' is a role that every tenant has; choose another id.", "id");
        }

        if (c.Functions.Except(Functions.All).FirstOrDefault() is { } stranger)
        {
            throw Rejection.BrokenRule("access.function-unknown", $"There is no function '{stranger}'; there are: {string.Join(", ", Functions.All)}.", "functions");
        }

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
        var member = Known(state, c.Member, c.Giver);
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
        var member = Known(state, c.Member, c.Giver);
        MustBeTeam(state, c.Team, "team");
        return member.Team == c.Team ? [] : [new MemberTeamJoined(c.Member, c.Team)];
    }

    private static IReadOnlyList<IAccessEvent> Suspend(Organisation state, SuspendMember c)
    {
        Known(state, c.Member, c.Giver);
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
        Known(state, c.Member, c.Giver);
        return state.Suspended.Contains(c.Member) ? [new MemberReinstated(c.Member)] : [];
    }

    private static IReadOnlyList<IAccessEvent> Link(Organisation state, LinkLogin c)
    {
        Known(state, c.Member, c.Giver);
        return state.Logins.GetValueOrDefault((c.Issuer, c.Subject)) switch
        {
            null => [new LoginLinked(c.Member, c.Issuer, c.Subject)],
            var member when member == c.Member => [],
            _ => throw Rejection.WrongState("access.login-linked", "This login is another member's.")
        };
    }

    private static IReadOnlyList<IAccessEvent> Unlink(Organisation state, UnlinkLogin c)
    {
        Known(state, c.Member, c.Giver);
        return state.Logins.GetValueOrDefault((c.Issuer, c.Subject)) == c.Member ? [new LoginUnlinked(c.Member, c.Issuer, c.Subject)] : [];
    }

    private static IReadOnlyList<IAccessEvent> Issue(Organisation state, IssueApiKey c)
    {
        if (c.Functions?.Except(Functions.All).FirstOrDefault() is { } stranger)
        {
            throw Rejection.BrokenRule("access.function-unknown", $"There is no function '{stranger}'; there are: {string.Join(", ", Functions.All)}.", "functions");
        }

        MustHaveRoom(state.Keys.Values.Count(key => !key.Revoked));
        Known(state, c.Member, c.Giver, field: "member");
        return [new ApiKeyIssued(c.Key, c.Member, c.Name, c.Hash, c.Functions, c.ExpiresAt)];
    }

    private static IReadOnlyList<IAccessEvent> Rotate(Organisation state, RotateApiKey c)
    {
        var key = KnownKey(state, c.Key, c.Giver);
        if (!key.OpensAt(c.Now))
        {
            throw Rejection.WrongState("access.key-closed", "This key has expired or was revoked; issue another.");
        }

        return
        [
            key.Issued with { Key = c.Successor, Hash = c.Hash },
            new ApiKeyRotated(c.Key, c.Successor, c.Until)
        ];
    }

    private static Member Known(Organisation state, string id, Rights giver, string? field = null)
    {
        const string Message = "There is no such member.";
        var member = state.Members.GetValueOrDefault(id) ?? throw (field is null
            ? Rejection.Unknown("access.member-unknown", Message)
            : Rejection.BrokenRule("access.member-unknown", Message, field));
        MustHave(giver, state.RightsOf(member));
        return member;
    }

    private static ApiKey KnownKey(Organisation state, string id, Rights giver)
    {
        var key = state.Keys.GetValueOrDefault(id) ?? throw Rejection.Unknown("access.key-unknown", "There is no such key.");
        Known(state, key.Issued.Member, giver);
        return key;
    }

    private static Rights RoleOf(Organisation state, string role) => state.Roles.GetValueOrDefault(role) ?? throw Rejection.BrokenRule(
        "access.role-unknown", $"There is no role '{role}'; there are: {string.Join(", ", state.Roles.Keys)}.", "role");

    private static void MustHave(Rights giver, Rights given)
    {
        if (!giver.Cover(given))
        {
            throw Rejection.BrokenRule("access.beyond-own", "It would take more rights than you have yourself: functions, a wider scope, or fields hidden from you.");
        }
    }

    private static void MustFit(Organisation state, string team, string? parent)
    {
        MustBeTeam(state, parent, "parent");
        var depth = state.HeightOf(team);
        for (var above = parent; above is not null; above = state.Teams.GetValueOrDefault(above)?.Parent)
        {
            if (above == team || ++depth > Deepest)
            {
                throw Rejection.BrokenRule("access.team-tree", $"A team cannot be below itself, nor more than {Deepest} deep.", "parent");
            }
        }
    }

    private static void MustBeTeam(Organisation state, string? team, string field)
    {
        if (team is not null && !state.Teams.ContainsKey(team))
        {
            throw Rejection.BrokenRule("access.team-unknown", "There is no such team.", field);
        }
    }

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

    private static void MustHaveRoom(int count)
    {
        if (count >= MostEntries)
        {
            throw Rejection.BrokenRule("access.too-many", $"A tenant has at most {MostEntries} of these.");
        }
    }

    private static void MustBeId(string id, string field)
    {
        if (!Id().IsMatch(id))
        {
            throw Rejection.BrokenRule("access.id", "An id is 1 to 60 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit.", field);
        }
    }

    private static bool Same(Rights one, Rights other) =>
        one.Functions.SetEquals(other.Functions) && one.Scope == other.Scope && one.HiddenFields.SetEquals(other.HiddenFields);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,59}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Id();

    [GeneratedRegex(@"\A[^/\p{C}]{1,60}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TeamId();

    [GeneratedRegex(@"\A(lead|customer|opportunity)\.[a-z][A-Za-z]{0,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Field();
}
