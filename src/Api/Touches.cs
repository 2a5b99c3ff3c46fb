using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Activities;

namespace Crm.Api;

/// <param name="Id">The sender's own id for it: the same touch sent twice is recorded once.</param>
public sealed record TouchRequest(
    TouchKind Kind, Direction Direction, string? Channel = null, string? Outcome = null, [Between(0, 604_800)] int? DurationSeconds = null,
    [Text(4000)] string? Summary = null, Guid? Id = null, DateTimeOffset? OccurredAt = null);

/// <param name="Id">The sender's own id for it: the same note sent twice is recorded once.</param>
public sealed record NoteRequest([Text(4000)] string Text, Guid? Id = null, DateTimeOffset? OccurredAt = null);
