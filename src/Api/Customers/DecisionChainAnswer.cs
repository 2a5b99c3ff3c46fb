using Crm.Api.Conversion;

namespace Crm.Api.Customers;

/// <summary>Somebody who has a role in a customer's decisions to buy.</summary>
/// <param name="Name">Null where the person has been forgotten, or is hidden from you.</param>
/// <param name="Title">What the person does at the customer.</param>
/// <param name="Since">From when on.</param>
public sealed record RoleHolder(Guid ContactId, string? Name, string? Title, DateTimeOffset Since);

/// <param name="Role"><c>user</c>, <c>technical-evaluator</c>, <c>buyer</c> or <c>decision-maker</c>.</param>
/// <param name="IsAsked">Whether the playbook asks for somebody in it.</param>
/// <param name="Contacts">Who has it, first who has it longest.</param>
public sealed record RoleInChain(string Role, bool IsAsked, IReadOnlyList<RoleHolder> Contacts);

/// <summary>From a moment on a contact had another role than before.</summary>
/// <param name="From">Null where none was known before.</param>
/// <param name="To">Null where none is known any more.</param>
public sealed record RoleChangeAnswer(DateTimeOffset At, Guid ContactId, string? Name, string? From, string? To);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="PlaybookVersion">The playbook that says which roles are asked for: the one in force at that moment.</param>
/// <param name="Completeness">Of the roles that are asked for, how many somebody has, as a share of them.</param>
/// <param name="Missing">Roles that are asked for and that nobody has.</param>
/// <param name="Roles">All that there are, from who uses it to who decides.</param>
/// <param name="Changes">Who came to have another role when, the newest first.</param>
public sealed record DecisionChainAnswer(
    Guid CustomerId, DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, long PlaybookVersion,
    Share Completeness,
    IReadOnlyList<string> Missing, IReadOnlyList<RoleInChain> Roles, IReadOnlyList<RoleChangeAnswer> Changes);
