using Crm.Api.Http;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Exports;

/// <summary>A file of known length that is sent piece by piece.</summary>
internal sealed class KeptFile(IAsyncEnumerable<byte[]> pieces, long size, string name) : IResult
{
    public const string MediaType = "application/zip";

    public async Task ExecuteAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = size;
        var file = new ContentDispositionHeaderValue("attachment");
        file.SetHttpFileName(name);
        context.Response.Headers.ContentDisposition = file.ToString();
        if (Methods.IsHead(context))
        {
            return;
        }

        await foreach (var piece in pieces.WithCancellation(ct))
        {
            await context.Response.Body.WriteAsync(piece, ct);
        }
    }
}
