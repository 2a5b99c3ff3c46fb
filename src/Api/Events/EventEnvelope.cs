using System.Text.Json.Nodes;

namespace Crm.Api.Events;

/// <summary>One event as the outside sees it, wherever and however often it is sent.</summary>
/// <param name="Id">Of the event: by this a reader knows it again.</param>
/// <param name="Type">What happened: <c>lead_captured</c>; see <c>GET /event-types</c>.</param>
/// <param name="SchemaVersion">Of the shape of <paramref name="Data"/>; null where this program does not know the kind.</param>
/// <param name="Subject"><c>lead</c>, <c>customer</c>, <c>opportunity</c>, <c>playbook</c>, <c>import-row</c>, <c>access</c>; <c>other</c> where nobody knows the kind.</param>
/// <param name="SubjectId">The record that it happened to; also the id of its stream.</param>
/// <param name="Version">Of the record after it: its place in the stream, from 1, without a hole.</param>
/// <param name="Position">Its place in the one order of the store. Numbers may be missing.</param>
/// <param name="Token">What to send as <c>after</c> to go on behind it.</param>
/// <param name="OccurredAt">When it happened in the business; may lie long before.</param>
/// <param name="RecordedAt">When the store took it; rises with <paramref name="Position"/>.</param>
/// <param name="Undated">The source gave no time; it counts as having happened when it was recorded.</param>
/// <param name="Actor">Who said so, an id.</param>
/// <param name="Source">Which way in: <c>api</c>, <c>import</c> …</param>
/// <param name="RequestId">Of the request that led to it.</param>
/// <param name="CorrelationId">What belongs together has the same.</param>
/// <param name="CausationId">What led to it.</param>
/// <param name="Corrects">The earlier event of the same record that this one puts right.</param>
/// <param name="Data">The fact, in clear text and in its newest shape. What was known of a person who has been forgotten is null.</param>
public sealed record EventEnvelope(
    Guid Id, string Type, int? SchemaVersion, string Subject, Guid SubjectId, long Version, long Position, string Token, DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt, bool Undated, string? Actor, string? Source, string? RequestId, string? CorrelationId, string? CausationId, Guid? Corrects,
    JsonNode? Data);
