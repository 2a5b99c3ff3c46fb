using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Domain.Access;

namespace Crm.Api.Events;

/// <summary>What kinds of event there are, and what each holds.</summary>
internal static class EventTypeEndpoints
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    public static void MapEventTypes(this IEndpointRouteBuilder app)
    {
        var types = app.MapGroup("/event-types").WithTags("Events");

        types.MapGet("/", () => new ListOf<EventTypeAnswer>([.. EventKinds.All.Select(EventTypeAnswer.Of)]))
            .Needs(Functions.EventsRead).WithName("listEventTypes").WithSummary("The kinds of event there are, and what each holds");

        types.MapGet("/{type}", (string type) => EventTypeAnswer.Of(Known(type)))
            .Needs(Functions.EventsRead).WithName("getEventType").WithSummary("One kind of event");

        types.MapGet("/{type}/{version:int}", (string type, int version, HttpRequest request, PublicAddress address) =>
        {
            var kind = Known(type);
            var schema = kind.Shapes.ContainsKey(version) ? EventSchemas.Of(kind, version) : throw Missing();
            schema.Insert(0, "$schema", Dialect);
            schema.Insert(1, "$id", address.Of(request) + kind.Path(version));
            return new Spelt(schema, AnswerJson.Options, EventWords.SchemaMediaType);
        })
        .Needs(Functions.EventsRead).IsSchema().WithName("getEventSchema").WithSummary("The JSON Schema of one version of a kind of event");
    }

    private static EventKind Known(string type) => EventKinds.Named(type) ?? throw Missing();

    private static Problem Missing() => new(404, "event-type-unknown", "There is no such kind of event, or no such version of it.");
}

/// <summary>A kind of event.</summary>
/// <param name="Type">As events name it: <c>lead_captured</c>.</param>
/// <param name="Subject">What it happens to: <c>lead</c>, <c>customer</c> …</param>
/// <param name="Meaning">When it happens.</param>
/// <param name="Sentence">How the audit trail tells it; values of the event and of the record stand in braces, parts that may be missing in brackets.</param>
/// <param name="Since">The month from which on there are such events.</param>
/// <param name="Version">Of the shape in which they are sent.</param>
/// <param name="Versions">Of all shapes that they have had, each with a schema of its own.</param>
/// <param name="Personal">Members that hold what is known of a person.</param>
/// <param name="SchemaPath">Where the schema stands by itself.</param>
/// <param name="Schema">What <c>data</c> holds, as JSON Schema 2020-12.</param>
public sealed record EventTypeAnswer(
    string Type, string Subject, string Meaning, SentenceAnswer Sentence, string Since, int Version, IReadOnlyList<int> Versions, IReadOnlyList<string> Personal,
    string SchemaPath, JsonNode Schema)
{
    public static EventTypeAnswer Of(EventKind kind) => new(
        kind.Type, kind.Subject, kind.Meaning.Text, new SentenceAnswer(In(Languages.English, kind), In(Languages.Chinese, kind)), kind.Meaning.Since, kind.Version,
        [.. kind.Shapes.Keys.Order()], kind.Personal, kind.Path(kind.Version), EventSchemas.Of(kind, kind.Version));

    private static string? In(string language, EventKind kind) => kind.Stored.Select(alias => Sentences.In(language).Kinds.GetValueOrDefault(alias)).FirstOrDefault(said => said is not null);
}

/// <param name="En">In English.</param>
/// <param name="ZhCn">In Chinese.</param>
public sealed record SentenceAnswer(string? En, string? ZhCn);
