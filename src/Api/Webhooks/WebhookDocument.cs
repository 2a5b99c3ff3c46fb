using System.Text.Json.Nodes;
using Crm.Api.Events;
using Crm.Api.Http.Document;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Crm.Api.Webhooks;

/// <summary>Tells in the document what a webhook is sent: one entry for each type of event, with the schema that the feed has for it.</summary>
internal static class WebhookDocument
{
    private const string Sent = "WebhookEvent";

    private const string HowTo =
        "Verify `webhook-signature` before you believe it, answer any 2xx within 20 seconds, and pass over a `webhook-id` that you know. Tolerate members that you do not know.";

    // Each is described once, as a component.
    private static readonly Dictionary<string, OpenApiParameter> Headers = new()
    {
        ["WebhookId"] = Parameters.Header("webhook-id", "The same at every attempt and in every replay.", 36, "^msg_[0-9a-f]{32}$"),
        ["WebhookTimestamp"] = Parameters.Header("webhook-timestamp", "Seconds since 1970 of this attempt.", 12, "^[0-9]+$"),
        ["WebhookSignature"] = Parameters.Header(
            "webhook-signature", "One or more, parted by spaces: `v1,` and the base64 of an HMAC-SHA256.", 200, "^v1,[A-Za-z0-9+/=]+( v1,[A-Za-z0-9+/=]+)*$")
    };

    public static IServiceCollection DescribeWebhooks(this IServiceCollection services) => services.Configure<OpenApiOptions>(ServedDocument.Name, options =>
        options.AddDocumentTransformer((document, _, _) =>
        {
            Write(document);
            return Task.CompletedTask;
        }));

    private static void Write(OpenApiDocument document)
    {
        document.AddComponent<IOpenApiSchema>(Sent, Parsed(WebhookEventSchema.Make(), document));
        foreach (var (name, header) in Headers)
        {
            document.AddComponent<IOpenApiParameter>(name, header);
        }

        document.Webhooks = EventKinds.All.ToDictionary(kind => kind.Type, IOpenApiPathItem (kind) => new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = Told(kind, document) }
        });
    }

    private static OpenApiOperation Told(EventKind kind, OpenApiDocument document) => new()
    {
        OperationId = $"on_{kind.Type}",
        Summary = $"Tells of {kind.Type}",
        Description = $"{kind.Meaning.Text}\n\n{HowTo}",
        Tags = new HashSet<OpenApiTagReference> { new("Webhooks", document) },
        Security = [],
        Parameters = [.. Headers.Keys.Select(name => new OpenApiParameterReference(name, document))],
        RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { [CloudEvent.MediaType] = new() { Schema = SchemaOf(kind, document) } }
        },
        Responses = new OpenApiResponses
        {
            ["2XX"] = new OpenApiResponse { Description = "Taken" },
            ["410"] = new OpenApiResponse { Description = "Gone: the webhook is disabled" },
            ["default"] = new OpenApiResponse { Description = "Not taken: it is sent again" }
        }
    };

    private static OpenApiSchema SchemaOf(EventKind kind, OpenApiDocument document)
    {
        var data = EventSchemas.Of(kind, kind.Version);
        WebhookEventSchema.Limit(data);
        return new OpenApiSchema
        {
            AllOf =
            [
                new OpenApiSchemaReference(Sent, document),
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Const = kind.Type },
                        ["data"] = Parsed(data, document)
                    }
                }
            ]
        };
    }

    private static OpenApiSchema Parsed(JsonObject schema, OpenApiDocument document) =>
        OpenApiModelFactory.Parse<OpenApiSchema>(schema.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out _, OpenApiConstants.Json)
        ?? throw new InvalidOperationException("The schema of an event cannot be read.");
}
