using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Crm.Api.Http;
using Microsoft.Net.Http.Headers;

namespace Crm.Api;

/// <summary>An answer with the tag by which its reader will know it again; without a body when he holds it already.</summary>
public abstract class Tagged(object? body, string? tag, IfNoneMatch held) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Authorization);
        headers.ETag = tag;
        Dress(headers);
        if (tag is not null && held.Holds(tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await AnswerJson.Send(context, body);
    }

    /// <summary>Sets what else this kind of answer has.</summary>
    protected virtual void Dress(IHeaderDictionary headers)
    {
    }
}

/// <summary>One record, or what happened to it, under its version: a strong tag, the same for whoever may change it.</summary>
public sealed class Found(object body, long version, IfNoneMatch held) : Tagged(body, ETag.Of(version), held);

/// <summary>What is told of a record in the reader's language: a weak tag, see <see cref="WeakTag"/>.</summary>
public sealed class Told(object body, string tag, IfNoneMatch held) : Tagged(body, tag, held)
{
    protected override void Dress(IHeaderDictionary headers) => headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
}

/// <summary>A list or a figure together with the position that it shows.</summary>
/// <param name="tag">See <see cref="WeakTag"/>; null for a question without an address.</param>
public sealed class Positioned(object? body, PositionToken position, string? tag, IfNoneMatch held) : Tagged(body, tag, held)
{
    /// <summary>To other pages, as the header <c>Link</c> has them.</summary>
    public string? Links { get; init; }

    protected override void Dress(IHeaderDictionary headers)
    {
        headers[Headers.PositionName] = position.ToString();
        if (Links is not null)
        {
            headers.Link = Links;
        }
    }
}

/// <summary>
/// The tag of a list or a figure: the same question at the same position, answered by the same program to somebody with the same rights. None
/// is ever shared between rights. What time alone can change is the same only at the same moment.
/// </summary>
public static class WeakTag
{
    private static readonly string Program = typeof(WeakTag).Module.ModuleVersionId.ToString("N");

    /// <param name="besides">What else decides what is answered.</param>
    public static string Of(HttpRequest request, Caller by, PositionToken position, params object?[] besides)
    {
        var sight = by.Sight;
        var all = JsonSerializer.SerializeToUtf8Bytes((object?[])
        [
            Program, position.ToString(), by.Tenant, sight.Owners?.Reps.Order(StringComparer.Ordinal), sight.Owners?.Teams.Order(StringComparer.Ordinal),
            sight.Hidden.Order(StringComparer.Ordinal), sight.HidesFiles, sight.HidesVisits, request.Path.Value,
            request.QueryString.Value, request.Headers.AcceptLanguage.ToString(), besides
        ]);
        return $"W/\"{Base64Url.EncodeToString(SHA256.HashData(all).AsSpan(0, 16))}\"";
    }
}
