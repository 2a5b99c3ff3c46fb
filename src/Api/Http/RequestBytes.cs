using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace Crm.Api.Http;

/// <summary>The bytes of a request's body, never more than fit.</summary>
internal static class RequestBytes
{
    public const int Limit = 1 << 20;

    // A sender that is still busy sending does not hear our answer: the connection would be reset under it.
    private const int DrainLimit = 16 << 20;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    public static async Task<byte[]> Read(HttpContext context)
    {
        if (context.Request.ContentLength > Limit) throw Problem.Of(413);

        MakeRoomToDrain(context);
        var bytes = new ArrayBufferWriter<byte>((int)(context.Request.ContentLength ?? 4096) + 1);
        while (await context.Request.Body.ReadAsync(bytes.GetMemory(), context.RequestAborted) is var count and > 0)
        {
            bytes.Advance(count);
            if (bytes.WrittenCount > Limit) throw Problem.Of(413);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what is left of the body to nowhere, within bounds, so that the sender hears what comes next.</summary>
    public static async Task Drain(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true || StillAsks(context)) return;

        MakeRoomToDrain(context);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        time.CancelAfter(DrainTime);
        var bin = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            for (var total = 0; total < DrainLimit;)
            {
                var count = await context.Request.Body.ReadAsync(bin, time.Token);
                if (count == 0) break;
                total += count;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Too much, too slow, or gone: the answer is sent all the same and the server closes the connection.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bin);
        }
    }

    // "Expect: 100-continue" means the sender waits for our word, so there is nothing under way yet.
    private static bool StillAsks(HttpContext context) =>
        context.Request.Headers.Expect.Count > 0 && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false };

    private static void MakeRoomToDrain(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = DrainLimit;
    }
}
