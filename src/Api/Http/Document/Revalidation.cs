using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Document;

/// <summary>What the document says of questions that take <c>If-None-Match</c>: the header, the 304, the tags and the links of pages.</summary>
internal static class Revalidation
{
    private const string WeakTag = "WeakETag";

    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken _)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (!metadata.OfType<TakesIfNoneMatch>().Any() || operation.Responses?["200"] is not OpenApiResponse success)
        {
            return Task.CompletedTask;
        }

        operation.Parameters!.Add(Parameters.Header(
            HeaderNames.IfNoneMatch, "ETags of earlier answers; where one is still so, the answer is 304 without a body.", 1000, "^(\\*|(W/)?\".*\")$"));
        Parameters.Explain((OpenApiParameter)operation.Parameters[^1], operation.OperationId);

        var headers = success.Headers!;
        // A record's tag is its version; whatever shows more than one record has a tag that says less.
        if (!headers.ContainsKey(HeaderNames.ETag) || context.Description.RelativePath!.EndsWith("/history", StringComparison.Ordinal))
        {
            headers[HeaderNames.ETag] = AnswerHeaders.Refer(context.Document!, WeakTag);
        }

        if (operation.Parameters.Any(parameter => parameter.Name == "cursor"))
        {
            headers[HeaderNames.Link] = AnswerHeaders.Refer(context.Document!, "PageLink");
        }

        operation.Responses.Add("304", new OpenApiResponse
        {
            Description = "What If-None-Match names is still so",
            Headers = new Dictionary<string, IOpenApiHeader>(headers)
        });
        return Task.CompletedTask;
    }
}
