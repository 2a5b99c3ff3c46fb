namespace Crm.Domain.Access;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IAccessEvent;

public sealed record TenantAdded(string Name, string Zone) : IAccessEvent;

public sealed record TeamAdded(string Team, string Name, string? Parent = null) : IAccessEvent;
public sealed record TeamMoved(string Team, string? Parent = null) : IAccessEvent;

public sealed record RoleDefined(
    string Role, IReadOnlyList<string> Functions, RecordScope Scope, IReadOnlyList<string> HiddenFields) : IAccessEvent;

public sealed record MemberAdded(
    string Member, MemberKind Kind, string Role, Personal? Name = null, string? Team = null, string? Rep = null) : IAccessEvent;

public sealed record MemberRoleGiven(string Member, string Role) : IAccessEvent;
public sealed record MemberTeamJoined(string Member, string? Team = null) : IAccessEvent;
public sealed record MemberSuspended(string Member, string? Reason = null) : IAccessEvent;
public sealed record MemberReinstated(string Member) : IAccessEvent;

public sealed record LoginLinked(string Member, string Issuer, string Subject) : IAccessEvent;
public sealed record LoginUnlinked(string Member, string Issuer, string Subject) : IAccessEvent;

/// <param name="Hash">SHA-256 of the secret, in lower-case hexadecimal; the secret itself is kept nowhere.</param>
/// <param name="Functions">What the key may do of what its member may; null for all of it.</param>
public sealed record ApiKeyIssued(
    string Key, string Member, string Name, string Hash, IReadOnlyList<string>? Functions = null, DateTimeOffset? ExpiresAt = null) : IAccessEvent;

/// <param name="Until">How long the old key still opens beside its successor.</param>
public sealed record ApiKeyRotated(string Key, string Successor, DateTimeOffset Until) : IAccessEvent;

public sealed record ApiKeyRevoked(string Key, string? Reason = null) : IAccessEvent;

/// <summary>A member's calendar is found at a new address, and at no earlier one.</summary>
/// <param name="Address">Names it; no secret.</param>
/// <param name="Hash">SHA-256 of the secret in it, in lower-case hexadecimal; the secret itself is kept nowhere.</param>
public sealed record CalendarAddressIssued(string Address, string Member, string Hash) : IAccessEvent;

public sealed record CalendarAddressRevoked(string Address, string? Reason = null) : IAccessEvent;

/// <summary>Whose records a role sees, from least to most: one's own, those of one's team, of the teams below it too, all.</summary>
public enum RecordScope { Own, Team, Subtree, All }

public enum MemberKind { Person, Program }
