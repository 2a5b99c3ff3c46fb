using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Http;

internal sealed record TakesIfNoneMatch;

/// <summary>What a caller holds already of what he asks for: <c>If-None-Match</c>. He is told when it is still so, and spared the body.</summary>
public sealed record IfNoneMatch(HttpRequest Request, IReadOnlyList<EntityTagHeaderValue> Tags)
    : IBindableFromHttpContext<IfNoneMatch>, IEndpointParameterMetadataProvider
{
    /// <summary>Of a question that has no address to be kept under.</summary>
    public static IfNoneMatch Nothing(HttpRequest request) => new(request, []);

    public static ValueTask<IfNoneMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        IList<EntityTagHeaderValue>? tags = [];
        var given = context.Request.Headers.IfNoneMatch;
        if (given.Count > 0 && !EntityTagHeaderValue.TryParseStrictList([.. given.OfType<string>()], out tags))
        {
            throw Problem.Invalid([Fault.InHeader(HeaderNames.IfNoneMatch, Code.BadEntityTag, "Send * or entity tags, quotes included: \"7\", W/\"x\".")]);
        }

        return ValueTask.FromResult<IfNoneMatch?>(new IfNoneMatch(context.Request, [.. tags]));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new TakesIfNoneMatch());

    /// <summary>Whether he holds what has this tag, strong or weak.</summary>
    public bool Holds(string tag) => Tags.Any(held => held.Tag == "*" || held.Compare(EntityTagHeaderValue.Parse(tag), useStrongComparison: false));
}
