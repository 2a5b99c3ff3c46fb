using System.Text;
using System.Text.Json;
using Crm.Api.Http;
using Crm.EventModel;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace Crm.Api.Events;

/// <summary>
/// The feed as server-sent events: what there is after a token, and then what comes, until the reader leaves, the program stops or the right to it ends.
/// Each block's <c>id</c> is the token to go on with; where nothing matches it moves on alone.
/// </summary>
/// <param name="form">An event as it is spelt for this reader.</param>
/// <param name="place">Given back at the end.</param>
public sealed class EventStream(
    Feed feed, FeedPlaces places, Caller by, FeedFilter filter, long after, Func<Recorded, CancellationToken, Task<(EventEnvelope Event, byte[] Json)>> form,
    IDisposable place, TimeProvider clock) : IResult
{
    public const string MediaType = "text/event-stream";

    // So little is under way to a reader who is slow, and may lose his right meanwhile.
    private const int AtOnce = 20;

    private static readonly TimeSpan UntilMovedOn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    public async Task ExecuteAsync(HttpContext context)
    {
        using var _ = place;
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = $"{MediaType}; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (Methods.IsHead(context))
        {
            return;
        }

        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        try
        {
            await Send(context.Response.Body, over.Token);
        }
        catch (Exception end) when (end is OperationCanceledException or Problem or NpgsqlException or TimeoutException or IOException)
        {
            // A reader who may come again does so with the last token that he got, and is told then what is the matter.
        }
    }

    private async Task Send(Stream to, CancellationToken ct)
    {
        var (told, at) = (after, clock.GetTimestamp());
        await Say($"retry: 1000\nid: {places.Token(after)}\n\n");
        await foreach (var look in feed.Follow(by, filter, after, ct))
        {
            foreach (var some in look.Found.Chunk(AtOnce))
            {
                var blocks = new MemoryStream();
                foreach (var e in some)
                {
                    var (envelope, json) = await form(e, ct);
                    blocks.Write(Encoding.UTF8.GetBytes($"id: {envelope.Token}\nevent: {envelope.Type}\ndata: "));
                    blocks.Write(json);
                    blocks.Write("\n\n"u8);
                    told = e.Position;
                }

                await Out(blocks.GetBuffer().AsMemory(0, (int)blocks.Length));
            }

            var silent = clock.GetElapsedTime(at);
            if (look.Through > told && silent >= UntilMovedOn)
            {
                told = look.Through;
                await Say($"id: {places.Token(told)}\n\n");
            }
            else if (silent >= Heartbeat)
            {
                await Say(":\n\n");
            }
        }

        Task Say(string text) => Out(Encoding.UTF8.GetBytes(text));

        async Task Out(ReadOnlyMemory<byte> bytes)
        {
            await to.WriteAsync(bytes, ct);
            await to.FlushAsync(ct);
            at = clock.GetTimestamp();
        }
    }
}
