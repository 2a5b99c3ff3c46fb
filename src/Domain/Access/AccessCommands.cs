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

/// <summary>In place of the one that the member has.</summary>
public sealed record IssueCalendarAddress(string Address, string Member, string Hash) : IAccessCommand;

public sealed record RevokeCalendarAddress(string Member, string? Reason) : IAccessCommand;
