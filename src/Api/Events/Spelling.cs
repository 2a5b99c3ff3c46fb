using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.EventModel;
using Crm.EventStore;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Events;

/// <summary>Spells events as their reader wants them: as this API spells everything, or as CloudEvents.</summary>
public sealed class Spelling(EventWriter writer, PublicAddress address)
{
    public async Task<IResult> Page(Look<Recorded> look, PositionToken next, Caller by, EventFormat? format, HttpRequest request, CancellationToken ct)
    {
        var items = new List<EventEnvelope>(look.Found.Count);
        foreach (var e in look.Found)
        {
            items.Add(await writer.Write(e, by.Sight, ct));
        }

        return IsCloud(format, request)
            ? new GoingOn(items.Select(e => Cloud(e, by, request)), next, "after", request, CloudEvent.Json, CloudEvent.BatchMediaType)
            : new GoingOn(new FeedPage(items, next.ToString(), look.IsAtHead), next, "after", request);
    }

    public async Task<IResult> One(Recorded e, Caller by, HttpRequest request, CancellationToken ct)
    {
        var envelope = await writer.Write(e, by.Sight, ct);
        return IsCloud(format: null, request)
            ? new Spelt(Cloud(envelope, by, request), CloudEvent.Json, CloudEvent.MediaType)
            : new Spelt(envelope, AnswerJson.Options, "application/json");
    }

    /// <summary>How each event of a stream is written.</summary>
    public Func<Recorded, CancellationToken, Task<(EventEnvelope, byte[])>> Each(Caller by, EventFormat? format, HttpRequest request)
    {
        var isCloud = IsCloud(format, request);
        return async (e, ct) =>
        {
            var envelope = await writer.Write(e, by.Sight, ct);
            return (envelope, isCloud
                ? JsonSerializer.SerializeToUtf8Bytes(Cloud(envelope, by, request), CloudEvent.Json)
                : JsonSerializer.SerializeToUtf8Bytes(envelope, AnswerJson.Options));
        };
    }

    private CloudEvent Cloud(EventEnvelope e, Caller by, HttpRequest request) => CloudEvent.Of(e, by.Tenant, address.Of(request));

    private static bool IsCloud(EventFormat? format, HttpRequest request) => format is { } asked
        ? asked == EventFormat.Cloudevents
        : MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types)
            && types.Any(type => type.MediaType.Value is CloudEvent.MediaType or CloudEvent.BatchMediaType);
}

/// <summary>An answer in a spelling of its own.</summary>
internal sealed class Spelt(object body, JsonSerializerOptions options, string mediaType) : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return AnswerJson.Send(context, body, options, $"{mediaType}; charset=utf-8");
    }
}

/// <summary>A page that is never the last: where it ends one may go on later, with the link that it carries.</summary>
/// <param name="parameter">Which parameter takes the token.</param>
internal sealed class GoingOn(
    object body, PositionToken next, string parameter, HttpRequest request, JsonSerializerOptions? options = null, string mediaType = "application/json") : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.Headers.Link = PageLinks.Next(request, parameter, next.ToString());
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return AnswerJson.Send(context, body, options, $"{mediaType}; charset=utf-8");
    }
}
