using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Crm.Api.Http.Document;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Http.Pages;

/// <summary>Pages for whoever, or whatever, wants to know what the API is and what it meant. They are open to all.</summary>
internal static partial class PageEndpoints
{
    public static void MapPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        pages.MapGet("/problems/{code}", (string code, HttpRequest request) => ProblemPage.All.GetValueOrDefault(code) is { } page
            ? Results.Text(ForPeople(request) ? Html(page) : page.Markdown, ForPeople(request) ? "text/html; charset=utf-8" : "text/markdown; charset=utf-8")
            : throw new Problem(404, Code.NotFound, "There is no such code; docs/problems.md lists them."));
        pages.MapGet("/.well-known/api-catalog", () => Results.Text(Catalog, "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\""));
        pages.MapGet("/llms.txt", () => Results.Text(ForModels, "text/plain; charset=utf-8"));
    }

    // Browsers ask for it by name; curl and programs do not.
    internal static bool ForPeople(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types) && types.Any(type => type.MediaType == "text/html");

    private static string Html(ProblemPage page) => $"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>{Encoded(page.Code)}</title>
        <h1>{Encoded(page.Code)}</h1>
        {(page.Status is { } status ? $"<p>Status {Encoded(status)}</p>" : "")}
        <p>{Encoded(page.Meaning)}</p>
        {(page.Remedy is "" ? "" : $"<p><strong>What you can do:</strong> {Encoded(page.Remedy)}</p>")}
        </html>
        """;

    // Of Markdown, the rows hold words in backticks only.
    private static string Encoded(string text) => Backticks().Replace(HtmlEncoder.Default.Encode(text).Replace("&#x60;", "`"), "<code>$1</code>");

    private static string Catalog { get; } = JsonSerializer.Serialize(new
    {
        linkset = new[]
        {
            new Dictionary<string, object>
            {
                ["anchor"] = "/api/v1",
                ["service-desc"] = new[] { new { href = "/openapi/v1.json", type = "application/json" } },
                ["service-doc"] = new[] { new { href = HttpManners.Docs, type = "text/html" } },
                ["status"] = new[] { new { href = "/health/ready", type = "application/json" } }
            }
        }
    });

    private static string ForModels { get; } = $"""
        # EventSourcedCrm

        > A CRM over HTTP and JSON whose every figure can be asked for as of any moment (asOf), and as it was known at any moment (knownAt).

        Send `Authorization: Bearer <key>`. Writes take an `Idempotency-Key` and answer with an `ETag` and a `Crm-Position`; send the position as
        `Crm-Min-Position` to read what you wrote. Failures are application/problem+json: branch on `code`.

        - [The whole API (OpenAPI 3.1)](/openapi/v1.json): every operation with examples
        - [The same for people](/docs)
        - [A failure's page](/problems/invalid): `/problems/` and its code

        ## Areas

        {string.Join("\n", Said.All.Tags.Select(tag => $"- {tag.Key}: {tag.Value}"))}
        """ + "\n";

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Backticks();
}
