using System.Text.Json;
using Crm.Api.Http;

namespace Crm.Api.Tests.Http;

public sealed class DocsTests(Toy toy) : IClassFixture<Toy>
{
    [Fact]
    public void Every_code_of_the_edge_is_explained()
    {
        var page = File.ReadAllLines(Path.Combine(Root(), "docs", "problems.md"));

        Code.All.Where(code => !page.Any(line => line.StartsWith($"| `{code}` |"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_document_describes_a_body_as_it_is_read()
    {
        var document = await Document();
        var enquiry = Schema(document, "Enquiry");

        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        At(document, "paths", "/enquiries", "post", "requestBody", "content", "application/json", "schema", "$ref").GetString()
            .ShouldBe("#/components/schemas/Enquiry");
        enquiry.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
        enquiry.GetProperty("required").EnumerateArray().Select(r => r.GetString())
            .ShouldBe(Requests.Good.Keys, ignoreOrder: true);
        At(enquiry, "properties", "due", "format").GetString().ShouldBe("date");
        At(enquiry, "properties", "calledAt", "format").GetString().ShouldBe("date-time");
        At(enquiry, "properties", "note", "maxLength").GetInt32().ShouldBe(20);
        At(enquiry, "properties", "tags", "maxItems").GetInt32().ShouldBe(3);
        At(enquiry, "properties", "tags", "items", "maxLength").GetInt32().ShouldBe(10);
        At(enquiry, "properties", "temperature", "enum").EnumerateArray().Select(c => c.GetString()).ShouldBe(["cold", "luke-warm", "hot"]);
        At(enquiry, "properties", "amount", "$ref").GetString().ShouldBe("#/components/schemas/Money");
        At(Schema(document, "Money"), "properties", "amount", "type").GetString().ShouldBe("string");
        At(Schema(document, "Money"), "properties", "amount", "pattern").GetString().ShouldNotBeNullOrEmpty();
        At(Schema(document, "Branch"), "properties", "branches", "items", "$ref").GetString().ShouldBe("#/components/schemas/Branch");
    }

    [Fact]
    public async Task An_endpoint_that_reads_its_body_itself_may_still_say_what_it_takes() =>
        At(await Document(), "paths", "/enquiries", "patch", "requestBody", "content", "application/json", "schema", "$ref").GetString()
            .ShouldBe("#/components/schemas/Address");

    [Fact]
    public async Task The_document_describes_parameters_and_headers()
    {
        var document = await Document();

        Names(At(document, "paths", "/enquiries", "get", "parameters"))
            .ShouldBe(["limit", "cursor", "asOf", "knownAt", "at", "temperature", "tag", "Crm-Version"]);
        Names(At(document, "paths", "/headers", "put", "parameters")).ShouldBe(["Idempotency-Key", "If-Match", "Crm-Version"]);
        At(At(document, "paths", "/enquiries", "get", "parameters")[0], "schema", "maximum").GetInt32().ShouldBe(200);
        At(At(document, "paths", "/enquiries", "get", "parameters")[0], "schema", "default").GetInt32().ShouldBe(50);
    }

    [Fact]
    public async Task The_document_declares_one_problem_for_every_failure()
    {
        var document = await Document();
        var responses = At(document, "paths", "/enquiries", "post", "responses");

        foreach (var status in new[] { "400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "500", "503", "default" })
        {
            var name = At(responses, status, "$ref").GetString()!.Split('/')[^1];
            At(document, "components", "responses", name, "content", "application/problem+json", "schema", "$ref").GetString()
                .ShouldBe("#/components/schemas/Problem");
        }
    }

    [Fact]
    public async Task The_document_describes_answers_as_they_are_written()
    {
        var document = await Document();
        var answer = Schema(document, "Answer");
        var sent = JsonDocument.Parse(await toy.Http.GetStringAsync("/answer")).RootElement;

        sent.ToString().ShouldBe(
            """{"amount":{"amount":"1054.00","currency":"USD"},"discount":null,"at":"2026-02-28T09:30:00Z",""" +
            "\"temperature\":\"luke-warm\",\"before\":null,\"rate\":\"0.25\",\"score\":7}");
        At(answer, "properties", "rate", "type").GetString().ShouldBe("string");
        At(answer, "properties", "at", "format").GetString().ShouldBe("date-time");
        At(answer, "properties", "score", "type").GetString().ShouldBe("integer");
        At(Schema(document, "Temperature"), "x-extensible-enum").EnumerateArray().Select(c => c.GetString()).ShouldBe(["cold", "luke-warm", "hot"]);
    }

    [Fact]
    public async Task The_document_marks_what_is_deprecated()
    {
        var document = await Document();

        At(document, "paths", "/old", "get", "deprecated").GetBoolean().ShouldBeTrue();
        foreach (var header in new[] { "Deprecation", "Sunset", "Link" })
            At(document, "paths", "/old", "get", "responses", "200", "headers", header, "example").GetString().ShouldNotBeNullOrEmpty();
        At(document, "paths", "/answer", "get").TryGetProperty("deprecated", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task No_reference_in_the_document_leads_nowhere()
    {
        var document = await Document();
        var components = document.GetProperty("components").EnumerateObject()
            .SelectMany(kind => kind.Value.EnumerateObject().Select(component => $"#/components/{kind.Name}/{component.Name}")).ToHashSet();

        References(document).Where(r => !components.Contains(r)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_docs_page_is_served_with_its_scripts_under_its_own_policy()
    {
        var page = await toy.Http.GetAsync("/docs/index.html");
        var html = await page.EnsureSuccessStatusCode().Content.ReadAsStringAsync();

        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
        html.ShouldNotMatch("<script(?![^>]*src=)");
        (await toy.Http.GetAsync("/docs")).EnsureSuccessStatusCode();
        (await toy.Http.GetAsync("/docs/swagger-ui-bundle.js")).EnsureSuccessStatusCode();
        (await toy.Http.GetStringAsync("/docs/index.js")).ShouldContain("/openapi/v1.json");
    }

    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p => p.Name == "$ref" ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => []
    };

    private static IEnumerable<string?> Names(JsonElement parameters) =>
        parameters.EnumerateArray().Select(p => p.GetProperty("name").GetString());

    private static JsonElement Schema(JsonElement document, string name) => At(document, "components", "schemas", name);

    private static JsonElement At(JsonElement json, params string[] path) =>
        path.Aggregate(json, (here, name) =>
            here.TryGetProperty(name, out var next) ? next : throw new KeyNotFoundException($"no {name} in {here}"));

    private async Task<JsonElement> Document() => JsonDocument.Parse(await toy.Http.GetStringAsync("/openapi/v1.json")).RootElement;

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EventSourcedCrm.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
