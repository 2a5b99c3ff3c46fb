using Crm.Api.Http.Document;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Crm.Api.Http;

internal static class IfNoneMatchDocument
{
    /// <summary>Has the document say which questions take <c>If-None-Match</c>.</summary>
    public static IServiceCollection DescribeIfNoneMatch(this IServiceCollection services) => services.Configure<OpenApiOptions>(ServedDocument.Name, options =>
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesIfNoneMatch>().Any())
            {
                operation.Responses ??= [];
                operation.Responses.TryAdd("304", new OpenApiResponse { Description = "What If-None-Match names is still so" });
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = HeaderNames.IfNoneMatch,
                    In = ParameterLocation.Header,
                    Description = "ETags of earlier answers; where one is still so, the answer is 304 without a body.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 1000, Pattern = "^[ -~]*$" }
                });
            }

            return Task.CompletedTask;
        }));
}
