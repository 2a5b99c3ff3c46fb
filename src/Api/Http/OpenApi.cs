using System.Globalization;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Crm.Api.Http;

internal sealed record TakesBody(Type Type);

internal sealed record TakesQuery(Type Type);

internal sealed record TakesHeaders;

internal sealed record MayFail(int Status);

/// <summary>Of a POST that asks and changes nothing.</summary>
internal sealed record OnlyReads;

/// <summary>Describes requests by the very shapes that read them, and failures by the one problem that they all are.</summary>
public static class OpenApi
{
    private static readonly int[] Always = [400, 404, 503];
    private static readonly int[] WithIdentity = [401, 403];
    private static readonly int[] WithBody = [409, 412, 413, 415, 422];
    private static readonly int[] WithMinPosition = [410];

    public static IServiceCollection AddCrmOpenApi(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddSchemaTransformer(DescribeValue);
        options.AddOperationTransformer(DescribeOperation);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "EventSourcedCrm";
            document.Info.Description = "Leads to forecasts, with every figure as of any day. Failures are explained in docs/problems.md.";
            return Task.CompletedTask;
        });
    });

    /// <summary>Documents T as the JSON body of an endpoint. A parameter of type <see cref="Body{T}"/> does so by itself.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) where T : class =>
        endpoint.WithMetadata(new TakesBody(typeof(T)));

    /// <summary>Documents a failure that other endpoints of its kind do not know.</summary>
    public static RouteHandlerBuilder MayFail(this RouteHandlerBuilder endpoint, int status) => endpoint.WithMetadata(new MayFail(status));

    // The serializer does not say what our converters write, and lists null among the words of an enum.
    private static Task DescribeValue(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        var type = context.JsonTypeInfo.Type;
        var value = Nullable.GetUnderlyingType(type) ?? type;
        if (!value.IsEnum && value != typeof(Money) && value != typeof(decimal) && value != typeof(DateTimeOffset)) return Task.CompletedTask;

        var shape = Shape.OfSingle(value)!.Inline(context.Document!);
        // What has a name of its own is said once for all its uses; those that allow null say so around it.
        var orNull = value != type && !value.IsEnum ? JsonSchemaType.Null : 0;
        (schema.Type, schema.Format, schema.Pattern, schema.Enum) = (shape.Type | orNull, shape.Format, shape.Pattern, shape.Enum);
        (schema.Properties, schema.Required) = (shape.Properties, shape.Required);
        return Task.CompletedTask;
    }

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken _)
    {
        var document = context.Document!;
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<TakesBody>().LastOrDefault() is { } body) operation.RequestBody = Content(body.Type, document);
        operation.Parameters ??= [];
        var reads = context.Description.HttpMethod == HttpMethods.Get || metadata.OfType<OnlyReads>().Any();
        foreach (var parameter in metadata.OfType<TakesQuery>().SelectMany(query => Shape.OfRecord(query.Type).Parameters))
            operation.Parameters.Add(Parameter(parameter, document));
        if (metadata.OfType<TakesHeaders>().Any())
            foreach (var header in HeadersOf(reads)) operation.Parameters.Add(header);

        var statuses = Always
            .Concat(metadata.OfType<IAuthorizeData>().Any() ? WithIdentity : [])
            .Concat(metadata.OfType<TakesHeaders>().Any() && reads ? WithMinPosition : [])
            .Concat(operation.RequestBody is null ? [] : WithBody)
            .Concat(metadata.OfType<MayFail>().Select(failure => failure.Status));
        operation.Responses ??= [];
        foreach (var status in statuses.Order())
            operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), Failure(Statuses.Of(status).Title, document));
        operation.Responses.TryAdd("default", Failure("Any other failure", document));
        return Task.CompletedTask;
    }

    private static OpenApiRequestBody Content(Type type, OpenApiDocument document) => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new() { Schema = Shape.OfRecord(type).Describe(document) }
        }
    };

    private static OpenApiParameter Parameter(Member member, OpenApiDocument document) => new()
    {
        Name = member.Name,
        In = ParameterLocation.Query,
        Required = member.Required,
        Schema = member.DescribeGiven(document)
    };

    private static IEnumerable<OpenApiParameter> HeadersOf(bool reads)
    {
        if (reads)
        {
            const string Token = "^[0-9a-f]{1,16}-(0|[1-9][0-9]{0,18})$";
            yield return Header(Headers.MinPositionName, "Waits until the answer holds everything up to this position.", Token);
            yield break;
        }

        yield return Header(Headers.IdempotencyKeyName, "Makes a repeated request do its work once.", "^[!-~]{1,255}$");
        yield return Header(HeaderNames.IfMatch, "The ETag of the version that the request is meant for.", pattern: null);
    }

    private static OpenApiParameter Header(string name, string description, string? pattern) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern }
    };

    private static OpenApiResponse Failure(string description, OpenApiDocument document) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Problems.MediaType] = new() { Schema = ProblemDocument.Describe(document) }
        }
    };
}
