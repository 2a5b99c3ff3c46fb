using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Crm.Api.Http;

namespace Crm.Api.Events;

/// <summary>The same event as CloudEvents 1.0 spells it, in structured JSON; attributes that have no value are left out.</summary>
/// <param name="Id">Of the event: <c>source</c> and this together are never used twice.</param>
/// <param name="Source">Whose events these are: <c>urn:crm:tenant:acme</c>.</param>
/// <param name="Subject">The kind of record and its id: <c>lead/0198c5f2-…</c>.</param>
/// <param name="Time">When it happened in the business.</param>
/// <param name="Dataschema">Where the JSON Schema of <paramref name="Data"/> is.</param>
/// <param name="Partitionkey">The record's id: events with the same are to be kept in order.</param>
/// <param name="Sequence">Its place in the one order of the store, as text of equal length, so that it sorts.</param>
/// <param name="Recordedtime">When the store took it.</param>
/// <param name="Streamversion">Of the record after it.</param>
/// <param name="Token">What to send as <c>after</c> to go on behind it.</param>
/// <param name="Schemaversion">Of the shape of <paramref name="Data"/>.</param>
/// <param name="Actor">Who said so, an id.</param>
/// <param name="Via">Which way in: <c>api</c>, <c>import</c> …</param>
/// <param name="Undated">The source gave no time; it counts as having happened when it was recorded.</param>
/// <param name="Corrects">The earlier event of the same record that this one puts right.</param>
/// <param name="Data">The fact, in clear text.</param>
public sealed record CloudEvent(
    string Specversion, Guid Id, string Source, string Type, string Subject, DateTimeOffset Time, string Partitionkey, string Sequence,
    DateTimeOffset Recordedtime, long Streamversion, string Token, string? Datacontenttype = null, string? Dataschema = null, int? Schemaversion = null,
    string? Actor = null, string? Via = null, string? Requestid = null, string? Correlationid = null, string? Causationid = null, bool? Undated = null,
    Guid? Corrects = null, JsonNode? Data = null)
{
    public const string MediaType = "application/cloudevents+json";
    public const string BatchMediaType = "application/cloudevents-batch+json";

    /// <summary>How it is written: without what has no value. Members of <see cref="Data"/> that are null stay.</summary>
    public static readonly JsonSerializerOptions Json = new(AnswerJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <param name="address">Where this installation is reached: <c>https://crm.example.com</c>.</param>
    public static CloudEvent Of(EventEnvelope e, string tenant, string address) => new(
        Specversion: "1.0", e.Id, Source: $"urn:crm:tenant:{tenant}", e.Type, Subject: $"{e.Subject}/{e.SubjectId}", e.OccurredAt,
        Partitionkey: e.SubjectId.ToString(), Sequence: e.Position.ToString("D19", CultureInfo.InvariantCulture), e.RecordedAt, e.Version, e.Token,
        Datacontenttype: e.Data is null ? null : "application/json",
        Dataschema: e.SchemaVersion is { } version && EventKinds.Named(e.Type) is { } kind ? address + kind.Path(version) : null,
        e.SchemaVersion, e.Actor, Via: e.Source, e.RequestId, e.CorrelationId, e.CausationId, e.Undated ? true : null, e.Corrects, e.Data);
}
