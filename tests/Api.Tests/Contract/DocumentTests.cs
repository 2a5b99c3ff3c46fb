using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Http.Document;
using Crm.Api.Http.Shapes;
using Crm.Api.Tests.Journeys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Contract;

/// <summary>The document says enough to be worked with: words, examples, headers and credentials for every operation.</summary>
public sealed class DocumentTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task It_says_whose_it_is_and_where()
    {
        var root = (await Document()).Root;

        foreach (var member in new[] { "title", "version", "description", "contact", "license" })
        {
            root.GetProperty("info").TryGetProperty(member, out _).ShouldBeTrue(member);
        }

        root.GetProperty("info").GetProperty("version").GetString().ShouldBe(CrmVersion.Newest);
        root.GetProperty("servers").EnumerateArray().Select(server => server.GetProperty("url").GetString()).ShouldBe(["/"]);
        root.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).ShouldBe(["apiKey", "oidc"], ignoreOrder: true);
        root.GetProperty("tags").EnumerateArray().Where(tag => !tag.TryGetProperty("description", out _)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_operation_is_described_and_so_is_every_parameter_with_an_example()
    {
        var document = await Document();
        foreach (var (method, template, operation) in document.Operations)
        {
            operation.TryGetProperty("description", out _).ShouldBeTrue($"{method} {template}");
            foreach (var parameter in Members(operation, "parameters"))
            {
                var what = $"{method} {template} {parameter.GetProperty("name")}";
                parameter.TryGetProperty("description", out _).ShouldBeTrue(what);
                parameter.TryGetProperty("example", out var example).ShouldBeTrue(what);
                document.Surprise(parameter.GetProperty("schema"), example).ShouldBeNull(what);
            }
        }
    }

    [Fact]
    public async Task Every_body_and_every_answer_has_an_example_that_is_as_its_schema_says()
    {
        var document = await Document();
        foreach (var (method, template, operation) in document.Operations)
        {
            var answers = operation.GetProperty("responses").EnumerateObject().Select(response => response.Value.TryGetProperty("$ref", out var reference)
                ? document.Resolve(reference.GetString()!) : response.Value);
            foreach (var content in answers.Concat(operation.TryGetProperty("requestBody", out var body) ? [body] : []).SelectMany(Content))
            {
                var what = $"{method} {template} {content.Name}";
                var schema = content.Value.GetProperty("schema");
                content.Value.TryGetProperty("example", out var example).ShouldBe(!TakesNothing(document, schema), what);
                if (example.ValueKind is not JsonValueKind.Undefined)
                {
                    document.Surprise(schema, example).ShouldBeNull(what);
                }
            }
        }
    }

    [Fact]
    public void Every_example_of_a_request_is_read_without_a_fault()
    {
        var bodies = Endpoints().SelectMany(endpoint => endpoint.Metadata.OfType<TakesBody>()).Select(body => body.Type).Distinct().ToList();

        bodies.Count.ShouldBeGreaterThan(15);
        foreach (var type in bodies)
        {
            var faults = new Findings();
            using var example = JsonDocument.Parse((Said.All.Examples.GetValueOrDefault(type.Name) ?? Said.All.Examples[$"{type.Name}Request"]).ToJsonString());
            Shape.OfRecord(type).Read(example.RootElement, Place.Body(faults));
            Should.NotThrow(faults.ThrowIfAny, type.Name);
        }
    }

    [Fact]
    public async Task Nothing_is_said_of_what_is_not_there()
    {
        var document = await Document();
        var operations = document.Operations.Select(o => o.Operation).ToList();
        var ids = operations.Select(o => o.GetProperty("operationId").GetString()!).ToList();
        var parameters = operations.SelectMany(o => Members(o, "parameters").SelectMany(p =>
            new[] { p.GetProperty("name").GetString()!, $"{o.GetProperty("operationId")}.{p.GetProperty("name")}" }));
        var schemas = document.Root.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name);

        Said.All.Operations.Keys.Except(ids).ShouldBeEmpty();
        Said.All.Parameters.Keys.Except(parameters).ShouldBeEmpty();
        var media = operations.SelectMany(o => o.GetProperty("responses").EnumerateObject().Select(response => response.Value)
            .Concat(o.TryGetProperty("requestBody", out var body) ? [body] : []).SelectMany(Content).Select(content => $"{o.GetProperty("operationId")} {content.Name}"));
        Said.All.Examples.Keys.Except(schemas).Except(media).ShouldBe(
            ["application/cloudevents-batch+json", "text/event-stream", "application/schema+json", "text/csv", "application/zip", "application/json", "application/octet-stream", "application/partial-upload", "multipart/form-data"], ignoreOrder: true);
        Said.All.Tags.Keys.Except(document.Root.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()!)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_operation_asks_for_credentials_but_those_that_are_open_to_all()
    {
        var open = Endpoints().Where(endpoint => endpoint.Metadata.OfType<IAllowAnonymous>().Any())
            .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).ToList();

        foreach (var (_, template, operation) in (await Document()).Operations)
        {
            var schemes = operation.GetProperty("security").EnumerateArray().SelectMany(s => s.EnumerateObject()).Select(s => s.Name);
            schemes.ShouldBe(open.Contains(operation.GetProperty("operationId").GetString()) ? [] : ["apiKey", "oidc"], template);
        }
    }

    [Fact]
    public async Task Words_of_answers_are_open_and_whole_numbers_are_exact_in_every_reader()
    {
        var schemas = (await Document()).Root.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Where(schema => !schema.Name.EndsWith("Request", StringComparison.Ordinal)).ToList();

        foreach (var (at, schema) in schemas.SelectMany(schema => Within(schema.Name, schema.Value)))
        {
            schema.TryGetProperty("enum", out _).ShouldBeFalse(at);
            if (schema.TryGetProperty("type", out var type) && type.ValueKind is not JsonValueKind.Object && type.ToString().Contains("integer"))
            {
                schema.GetProperty("maximum").GetInt64().ShouldBeLessThan(1L << 53, at);
            }
        }
    }

    [Fact]
    public async Task What_the_source_says_of_a_member_is_told()
    {
        var document = await Document();

        Description("CorrectionRequest", "withdrawn").ShouldBe("It did not happen at all.");
        Description("AuditEntry", "subject").ShouldStartWith("`lead`, `customer`");

        string? Description(string schema, string member) =>
            document.Resolve($"#/components/schemas/{schema}").GetProperty("properties").GetProperty(member).GetProperty("description").GetString();
    }

    // An empty object is its own example.
    private static bool TakesNothing(ApiDocument document, JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference)
        && document.Resolve(reference.GetString()!) is var record && record.TryGetProperty("additionalProperties", out _) && !record.TryGetProperty("properties", out _);

    private static IEnumerable<(string, JsonElement)> Within(string at, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Within($"{at}/{member.Name}", member.Value)).Append((at, json)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(item => Within(at, item)),
        _ => []
    };

    private static IEnumerable<JsonElement> Members(JsonElement json, string name) => json.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static IEnumerable<JsonProperty> Content(JsonElement json) => json.TryGetProperty("content", out var content) ? content.EnumerateObject() : [];

    private IEnumerable<RouteEndpoint> Endpoints() => crm.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText != "/dev/token");                  // which only a developer's program has

    private async Task<ApiDocument> Document() => new((await crm.Http.Read("/openapi/v1.json")).Ok().Body);
}
