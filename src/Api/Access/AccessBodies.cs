using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Crm.Domain.Access;

namespace Crm.Api.Access;

/// <param name="Id">Names the team for ever; leads and opportunities bear it as their team.</param>
/// <param name="Parent">The team above it.</param>
public sealed record AddTeamRequest([Text(60)] string Id, string Name, [Text(60)] string? Parent = null);

/// <param name="Parent">Left out: it stands at the top.</param>
public sealed record MoveTeamRequest([Text(60)] string? Parent = null);

/// <param name="Functions">What it may do; see <c>GET /roles</c>.</param>
/// <param name="Scope">Whose records it sees.</param>
/// <param name="HiddenFields">Fields that are neither shown nor filtered nor sorted by, as <c>opportunity.amount</c>.</param>
public sealed record DefineRoleRequest(
    [Items(100), Text(60)] IReadOnlyList<string> Functions, RecordScope Scope, [Items(100), Text(100)] IReadOnlyList<string>? HiddenFields = null);

/// <param name="Id">Stands with every event that the member causes, for ever: choose one that does not tell who it is.</param>
/// <param name="Rep">What leads and opportunities call the member; left out, its id.</param>
public sealed record AddMemberRequest(
    [Text(60)] string Id, [Text(60)] string Role, MemberKind Kind = MemberKind.Person, string? Name = null, [Text(60)] string? Team = null, string? Rep = null);

public sealed record GiveRoleRequest([Text(60)] string Role);

/// <param name="Team">Left out: no team.</param>
public sealed record JoinTeamRequest([Text(60)] string? Team = null);

public sealed record SuspendMemberRequest(string? Reason = null);

public sealed record ReinstateMemberRequest;

/// <param name="Issuer">The <c>iss</c> of its tokens.</param>
/// <param name="Subject">Their <c>sub</c>.</param>
public sealed record LoginRequest(string Issuer, [Text(255)] string Subject);

/// <param name="Member">Whose key; left out, one's own.</param>
/// <param name="Functions">What the key may do of what its member may, one at least; left out, all of it.</param>
/// <param name="ExpiresInDays">Left out: 90.</param>
public sealed record IssueKeyRequest(
    string Name, [Text(60)] string? Member = null, [Items(100), Text(60)] IReadOnlyList<string>? Functions = null, [Between(1, 3650)] int? ExpiresInDays = null)
    : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check() => Functions is []
        ? [("functions", Code.Missing, "A key for nothing opens nothing: name a function at least, or leave functions out for all that the member may do.")]
        : [];
}

/// <param name="OverlapHours">How long the old key still opens; left out, 24.</param>
public sealed record RotateKeyRequest([Between(0, 720)] int? OverlapHours = null);

public sealed record RevokeKeyRequest(string? Reason = null);

/// <summary>Who asks, and what he may do.</summary>
/// <param name="Owners">Whose records he sees; null for all of the tenant's.</param>
public sealed record MeAnswer(
    string Tenant, string Member, string? Name, string? Role, string? Team, string? Rep, string Zone, RecordScope Scope, IReadOnlyList<string> Functions,
    IReadOnlyList<string> HiddenFields, OwnersAnswer? Owners, CredentialAnswer Credential);

public sealed record OwnersAnswer(IReadOnlyList<string> Reps, IReadOnlyList<string> Teams);

/// <param name="Kind"><c>api-key</c>, <c>token</c> or <c>development-key</c>.</param>
public sealed record CredentialAnswer(string Kind, string? Id, DateTimeOffset? ExpiresAt);

public sealed record TeamAnswer(string Id, string Name, string? Parent);

public sealed record RoleAnswer(string Id, bool BuiltIn, IReadOnlyList<string> Functions, RecordScope Scope, IReadOnlyList<string> HiddenFields)
{
    public static RoleAnswer Of(string id, Rights rights) =>
        new(id, BuiltInRoles.All.ContainsKey(id), [.. rights.Functions], rights.Scope, [.. rights.HiddenFields]);
}

public sealed record LoginAnswer(string Issuer, string Subject);

public sealed record MemberAnswer(
    string Id, MemberKind Kind, string? Name, string Role, string? Team, string? Rep, bool Suspended, IReadOnlyList<LoginAnswer> Logins);

/// <param name="LastUsedAt">To the minute; null while it was never used.</param>
/// <param name="ExpiresAt">From then on it opens nothing; a rotated key ends when its overlap does.</param>
public sealed record KeyAnswer(
    string Id, string Member, string Name, IReadOnlyList<string>? Functions, DateTimeOffset? ExpiresAt, bool Revoked, DateTimeOffset? LastUsedAt);

/// <summary>A new key. The key itself is told this once and kept nowhere; a repeated request does not get it again.</summary>
public sealed record NewKeyAnswer(string Id, string? Key, DateTimeOffset? ExpiresAt, long Version, long Position) : AnswerOfWrite;


/// <summary>All there are, in the order of their ids.</summary>
public sealed record ListOf<T>(IReadOnlyList<T> Items);
