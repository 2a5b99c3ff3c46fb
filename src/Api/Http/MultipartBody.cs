using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Http;

/// <summary>A request's body as a form (multipart/form-data, RFC 7578), part by part as it streams.</summary>
internal sealed class MultipartBody
{
    private const int LongestBoundary = 200;

    private readonly MultipartReader reader;

    private MultipartBody(MultipartReader reader) => this.reader = reader;

    /// <param name="longest">How many bytes the whole body may have; null for no limit.</param>
    /// <exception cref="Problem">415: it is no form.</exception>
    public static MultipartBody Of(HttpContext context, long? longest = null)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= LongestBoundary } boundary)
        {
            throw new Problem(415, Code.UnsupportedMediaType, "Files come as multipart/form-data.",
                Fault.InHeader(HeaderNames.ContentType, Code.UnsupportedMediaType, "Send multipart/form-data with a boundary."));
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = longest;
        }

        return new MultipartBody(new MultipartReader(boundary, context.Request.Body));
    }

    /// <summary>The next part; null when there is none.</summary>
    /// <exception cref="Problem">400: the form is cut off, or none.</exception>
    public async Task<FormPart?> Next(CancellationToken ct)
    {
        while (await Section(ct) is { } section)
        {
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
            {
                var file = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
                return new FormPart(HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "", file.Value, section.Body);
            }
        }

        return null;
    }

    /// <summary>What every form that breaks off is answered.</summary>
    public static Problem BrokenOff() => Problem.Invalid([Fault.InBody("", Code.BadText, "The form ends too early, or is not multipart/form-data.")]);

    private async Task<MultipartSection?> Section(CancellationToken ct)
    {
        try
        {
            return await reader.ReadNextSectionAsync(ct);
        }
        catch (Exception error) when (error is InvalidDataException or IOException && error is not BadHttpRequestException && !ct.IsCancellationRequested)
        {
            throw BrokenOff();
        }
    }
}

/// <summary>One part of a form.</summary>
/// <param name="FileName">As it was sent; null where it is a field and no file.</param>
internal sealed record FormPart(string Name, string? FileName, Stream Body);
