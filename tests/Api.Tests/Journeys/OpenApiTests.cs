using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Journeys;

/// <summary>The program's own document. That answers are as it says is seen to by <see cref="Documented"/>, in every journey.</summary>
public sealed class OpenApiTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task The_document_is_of_openapi_3_1() => (await Document()).Root.GetProperty("openapi").GetString()!.ShouldStartWith("3.1.");

    [Fact]
    public async Task Every_address_of_the_program_is_in_the_document()
    {
        var mapped = crm.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method =>
                (method.ToLowerInvariant(), Template(endpoint))) ?? [])
            .Where(o => o.Item1 is not ("query" or "options"))                 // for one OpenAPI 3.1 has no word, and the other every address has
            .Where(o => ((string[])["/api/v1/", "/health/", "/forms/", "/calendars/"]).Any(part => o.Item2.StartsWith(part))).ToList();

        mapped.Count.ShouldBeGreaterThan(30);
        (await Document()).Operations.Select(o => (o.Method, o.Template.TrimEnd('/'))).ShouldBe(mapped, ignoreOrder: true);
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_a_summary_and_a_tag()
    {
        var operations = (await Document()).Operations.ToList();

        operations.Select(o => o.Operation.GetProperty("operationId").GetString()).ShouldBeUnique();
        foreach (var (_, template, operation) in operations)
        {
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace(template);
            operation.GetProperty("tags").GetArrayLength().ShouldBe(1, template);
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        var document = await Document();
        var references = References(document.Root).Distinct().ToList();

        references.ShouldNotBeEmpty();
        foreach (var reference in references) document.Resolve(reference).ValueKind.ShouldBe(JsonValueKind.Object, reference);
    }

    [Fact]
    public async Task Every_write_takes_a_key_and_a_version_and_every_page_a_position()
    {
        foreach (var (method, template, operation) in (await Document()).Operations)
        {
            var headers = operation.TryGetProperty("parameters", out var parameters)
                ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "header").Select(p => p.GetProperty("name").GetString()) : [];
            if (method is "post" && (template.EndsWith("/search") || template.EndsWith("/suggestions"))) headers.ShouldBe(["Crm-Min-Position", "Crm-Version"], template);
            else if (template.StartsWith("/forms/")) headers.ShouldBeEmpty(template);
            else if (template.EndsWith("/export")) headers.ShouldBe(["Crm-Min-Position", "Crm-Version"], template);     // what is sent as it is read has no tag
            else if (IsWork(template)) headers.ShouldBe(["Crm-Version"], template);
            else if (template.StartsWith("/api/v1/imports") && template is not "/api/v1/imports/rows") headers.ShouldBe(["Crm-Version"], template);     // no record of ours
            else if (template.EndsWith("/test") || template.EndsWith("/batch") || template.EndsWith("/validation") || template.EndsWith("/forecasts/{id}/replay")) headers.ShouldBe(["Crm-Version"], template);     // which writes nothing
            else if (template.StartsWith("/api/v1/forecasts/") && (template.EndsWith("/compare") || template.EndsWith("/what-if") || template.EndsWith("/simulation"))) headers.ShouldBe(["Crm-Version"], template);     // functions of what was forecast
            else if (template.EndsWith("/sync")) headers.ShouldBe(["Crm-Version"], template);     // each of whose parts has an id of its own
            else if (method is "post" or "put" or "delete" or "patch") headers.ShouldBe(["Idempotency-Key", "If-Match", "Crm-Version"], template);
            else if (!template.Contains('{') && template.StartsWith("/api") && operation.GetProperty("tags")[0].GetString() is not ("Access" or "Events" or "Webhooks" or "Playbook" or "Automations" or "Notifications")) headers.ShouldBe(["Crm-Min-Position", "Crm-Version", "If-None-Match"], template);
        }
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/docs/index.html")]
    public async Task Health_and_the_docs_page_are_served(string path) => (await crm.Http.Read(path)).Ok();

    // Long work that is asked for, and what programs could not do by themselves: no record, and no event, is written by these.
    private static bool IsWork(string template) =>
        ((string[])["exports", "scoring/trainings", "learned-warnings/trainings", "handovers", "playbook/simulations", "forecast-backtests"]).Any(work => template.StartsWith($"/api/v1/{work}", StringComparison.Ordinal))
        || template.EndsWith("/retry", StringComparison.Ordinal) || (template.Contains("/automations/", StringComparison.Ordinal) && template.EndsWith("/dismissal", StringComparison.Ordinal));

    private static string Template(RouteEndpoint endpoint) => "/" + Regex.Replace(endpoint.RoutePattern.RawText!, ":[a-z]+}", "}").Trim('/');

    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => p.Name == "$ref" ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => []
    };

    private async Task<ApiDocument> Document() => new((await crm.Http.Read("/openapi/v1.json")).Ok().Body);
}
