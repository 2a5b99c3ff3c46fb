using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace Crm.Api.Http;

/// <summary>Answers of more than a kibibyte go out in br or gzip to those who take it; a shorter one fits its packet as it is.</summary>
internal sealed class Compression(IServiceProvider services, IOptions<ResponseCompressionOptions> options) : ResponseCompressionProvider(services, options)
{
    private const int Least = 1024;

    public static void Add(IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            // Nothing secret of ours stands in an answer beside what a stranger chose: tokens are in headers only.
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "application/problem+json", "application/cloudevents-batch+json", "application/schema+json", "text/csv", "application/x-ndjson", "text/html", "text/css", "text/javascript", "image/svg+xml"];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.AddSingleton<IResponseCompressionProvider, Compression>();
    }

    // Of unknown length are files and documents; records, lists and problems say theirs.
    public override bool ShouldCompressResponse(HttpContext context) =>
        context.Response.ContentLength is null or >= Least && base.ShouldCompressResponse(context);
}
