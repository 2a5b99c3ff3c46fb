using System.Globalization;
using Crm.Api.Events;
using Crm.Api.Http.Document;
using Crm.Api.Http.Shapes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Api.Http;

/// <param name="AlsoAs">Another media type under which the same is taken.</param>
internal sealed record TakesBody(Type Type, string? AlsoAs = null);

/// <summary>Headers that its success has, beside those that all have.</summary>
internal sealed record AnswersWith(params IReadOnlyList<string> Headers);

internal sealed record TakesQuery(Type Type);

internal sealed record TakesHeaders;

internal sealed record MayFail(int Status);

/// <summary>Of a POST that asks and changes nothing.</summary>
internal sealed record OnlyReads;

/// <summary>Of a question about one record, where that is not to be told from what it takes: whether the answer has the record's version.</summary>
internal sealed record OfVersion(bool Has);

/// <summary>Describes requests by the very shapes that read them, and failures by the one problem that they all are.</summary>
public static class OpenApi
{
    private static readonly int[] Always = [400, 404, 500, 503];
    private static readonly int[] WithIdentity = [401, 403, 429];
    private static readonly int[] WithBody = [409, 412, 413, 415, 422];
    private static readonly int[] WithMinPosition = [410];

    public static IServiceCollection AddCrmOpenApi(this IServiceCollection services) => services.AddOpenApi(ServedDocument.Name, options =>
    {
        options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace("OfOf", "Of");
        options.AddSchemaTransformer(Answers.Describe);
        options.AddOperationTransformer(DescribeOperation);
        options.AddOperationTransformer(Revalidation.Describe);
        options.AddOperationTransformer(EventWords.Describe);
        options.AddDocumentTransformer((document, _, _) =>
        {
            About.Write(document);
            Examples.Write(document);
            return Task.CompletedTask;
        });
    });

    /// <summary>Documents T as the JSON body of an endpoint. A parameter of type <see cref="Body{T}"/> does so by itself.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) where T : class =>
        endpoint.WithMetadata(new TakesBody(typeof(T)));

    /// <summary>Documents a failure that other endpoints of its kind do not know.</summary>
    public static RouteHandlerBuilder MayFail(this RouteHandlerBuilder endpoint, int status) => endpoint.WithMetadata(new MayFail(status));

    /// <summary>Documents headers of success that other endpoints do not have.</summary>
    public static RouteHandlerBuilder AnswersWith(this RouteHandlerBuilder endpoint, params IReadOnlyList<string> headers) =>
        endpoint.WithMetadata(new AnswersWith(headers));

    /// <summary>The answer has the record's version.</summary>
    public static RouteHandlerBuilder HasVersion(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new OfVersion(Has: true));

    /// <summary>What is asked of a record, but has no version.</summary>
    public static RouteHandlerBuilder HasNoVersion(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new OfVersion(Has: false));

    private static Task DescribeOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken _)
    {
        var document = context.Document!;
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var (method, isOpen) = (context.Description.HttpMethod, metadata.OfType<IAllowAnonymous>().Any());
        var takesHeaders = metadata.OfType<TakesHeaders>().Any();
        var reads = method == HttpMethods.Get || metadata.OfType<OnlyReads>().Any();

        operation.Description ??= Said.All.Operations.GetValueOrDefault(operation.OperationId ?? "");
        operation.Security = isOpen ? [] : About.Credentials(document);
        if (metadata.OfType<TakesBody>().LastOrDefault() is { } body)
        {
            operation.RequestBody = Parameters.Body(body, document);
        }

        operation.Parameters ??= [];
        foreach (var parameter in metadata.OfType<TakesQuery>().SelectMany(query => Shape.OfRecord(query.Type).Parameters))
        {
            operation.Parameters.Add(Parameters.OfQuery(parameter, document));
        }

        foreach (var header in takesHeaders ? Parameters.Headers(reads) : [])
        {
            operation.Parameters.Add(header);
        }

        if (!isOpen)
        {
            operation.Parameters.Add(Parameters.Version);
        }

        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            Parameters.Explain(parameter, operation.OperationId);
        }

        operation.Responses ??= [];
        // What can be asked for as of any moment is a record, and records have versions.
        var isOne = metadata.OfType<OfVersion>().LastOrDefault()?.Has
            ?? (metadata.OfType<TakesQuery>().Any() && context.Description.RelativePath?.Contains('{') == true);
        foreach (var (status, response) in operation.Responses)
        {
            ((OpenApiResponse)response).Headers = AnswerHeaders.OfSuccess(
                document, status, reads, ofRecord: (takesHeaders && !reads) || isOne, positioned: takesHeaders, counted: !isOpen);
            AnswerHeaders.Add(response.Headers!, document, metadata.OfType<AnswersWith>().SelectMany(others => others.Headers));
        }

        var failures = Always
            .Concat(isOpen ? [] : WithIdentity)
            .Concat(takesHeaders && reads ? WithMinPosition : [])
            .Concat(operation.RequestBody is null ? [] : WithBody)
            .Concat(metadata.OfType<MayFail>().Select(failure => failure.Status));
        foreach (var status in failures.Order())
        {
            operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), Failures.Of(status, document));
        }

        operation.Responses.TryAdd("default", Failures.Of(status: null, document));

        if (metadata.OfType<Deprecated>().LastOrDefault() is { } deprecated)
        {
            DescribeDeprecation(operation, deprecated);
        }

        return Task.CompletedTask;
    }

    private static void DescribeDeprecation(OpenApiOperation operation, Deprecated deprecated)
    {
        operation.Deprecated = true;
        foreach (var response in operation.Responses!.Values.OfType<OpenApiResponse>())
        {
            AnswerHeaders.AddDeprecation(response.Headers!, deprecated);
        }
    }
}
