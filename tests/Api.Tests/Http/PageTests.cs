using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Http.Pages;

namespace Crm.Api.Tests.Http;

/// <summary>Where a problem's type leads, there is a page, for people and for programs.</summary>
public sealed class PageTests(Toy toy) : IClassFixture<Toy>
{
    // That every code of the source has its row is seen to by ProblemCodesTests.
    [Fact]
    public async Task Every_code_that_is_explained_has_a_page()
    {
        var rows = File.ReadAllLines(Path.Combine(DocsTests.Root(), "docs", "problems.md")).Where(line => line.StartsWith("| `")).ToList();

        ProblemPage.All.Count.ShouldBe(rows.Count);
        Code.All.Except(ProblemPage.All.Keys).ShouldBeEmpty();
        foreach (var code in ProblemPage.All.Keys)
        {
            (await Get($"/problems/{code}", "*/*")).Text.ShouldStartWith($"# {code}\n");
        }
    }

    [Fact]
    public async Task A_browser_gets_a_page_and_a_program_its_text()
    {
        var (page, text) = (await Get("/problems/invalid", "text/html,application/xhtml+xml;q=0.9"), await Get("/problems/invalid", "application/json"));

        page.Type.ShouldBe("text/html");
        page.Text.ShouldContain("<code>errors</code>");
        text.Type.ShouldBe("text/markdown");
        text.Text.ShouldContain("Correct everything that `errors` names.");
    }

    [Fact]
    public async Task The_type_of_a_problem_leads_to_its_page()
    {
        var type = (await Refusal.Of(await toy.Http.GetAsync("/fails/rule"))).Json.GetProperty("type").GetString()!;

        (await Get(type, "*/*")).Text.ShouldContain("ISO 4217");
    }

    [Theory]
    [InlineData("/problems/nonsense")]
    [InlineData("/problems/%3Cscript%3E")]
    [InlineData("/problems/")]
    public async Task An_unknown_code_is_not_found(string path) => (await Refusal.Of(await toy.Http.GetAsync(path))).Status.ShouldBe(404);

    [Fact]
    public async Task The_catalogue_leads_to_the_document()
    {
        var (type, text) = await Get("/.well-known/api-catalog", "*/*");
        var link = JsonDocument.Parse(text).RootElement.GetProperty("linkset")[0];

        type.ShouldBe("application/linkset+json");
        (await toy.Http.GetAsync(link.GetProperty("service-desc")[0].GetProperty("href").GetString())).EnsureSuccessStatusCode();
        (await toy.Http.GetAsync(link.GetProperty("service-doc")[0].GetProperty("href").GetString())).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_language_model_is_told_where_to_look() => (await Get("/llms.txt", "*/*")).Text.ShouldContain("/openapi/v1.json");

    private async Task<(string? Type, string Text)> Get(string path, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = (await toy.Http.SendAsync(request)).EnsureSuccessStatusCode();
        return (response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }
}
