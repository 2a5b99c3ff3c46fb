using System.Text.Json.Nodes;

namespace Crm.Api.Audit;

/// <summary>One event of the audit trail.</summary>
/// <param name="Id">Of the event.</param>
/// <param name="Kind">Its stored name.</param>
/// <param name="Subject"><c>lead</c>, <c>customer</c>, <c>opportunity</c>, <c>playbook</c> or <c>import-row</c>.</param>
/// <param name="SubjectName">What people called the record after the event.</param>
/// <param name="Version">Of the record after it.</param>
/// <param name="Source">Which way in: <c>api</c>, <c>import</c> …</param>
/// <param name="Undated">The source gave no time; it counts as having happened when it was recorded.</param>
/// <param name="Corrects">The earlier event that this one puts right.</param>
/// <param name="Sentence">All of it in one sentence, times in the tenant's zone.</param>
/// <param name="Changes">What it changed in the record at the moment at which it occurred, as was known when it was recorded.</param>
public sealed record AuditEntry(
    Guid Id, long Position, string Kind, string Subject, Guid SubjectId, string? SubjectName, long Version, string? Actor, string? Source, string? RequestId,
    DateTimeOffset RecordedAt, DateTimeOffset OccurredAt, bool Undated, Guid? Corrects, string Sentence, IReadOnlyList<FieldChange> Changes);

/// <param name="Before">Null where it was not known.</param>
public sealed record FieldChange(string Field, JsonNode? Before, JsonNode? After);
