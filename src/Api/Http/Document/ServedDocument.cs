using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Document;

/// <summary>The document as it is served: made once, since it is the same for everybody and making it takes longer than any other answer.</summary>
internal sealed class ServedDocument(IServiceProvider services)
{
    public const string Name = "v1";

    private readonly SemaphoreSlim turn = new(1);
    private volatile byte[]? made;

    public static void Map(IEndpointRouteBuilder app, string path) =>
        app.MapGet(path, async (ServedDocument document, CancellationToken ct) => Results.Bytes(await document.Json(ct), "application/json; charset=utf-8"))
            .AllowAnonymous().ExcludeFromDescription();

    private async Task<byte[]> Json(CancellationToken ct)
    {
        if (made is { } ready)
        {
            return ready;
        }

        await turn.WaitAsync(ct);
        try
        {
            return made ??= await Make(ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<byte[]> Make(CancellationToken ct)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(ct);
        await using var text = new StringWriter();
        document.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
