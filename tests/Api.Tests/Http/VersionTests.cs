using Crm.Api.Http;
using Microsoft.AspNetCore.Builder;

namespace Crm.Api.Tests.Http;

/// <summary>Callers stay on the version that they were written against, and hear in time of what will go.</summary>
public sealed class VersionTests(Toy toy) : IClassFixture<Toy>
{
    [Fact]
    public async Task Who_names_no_version_gets_the_oldest_one() => (await Version(asked: null)).ShouldBe(CrmVersion.Oldest);

    [Fact]
    public async Task Each_version_that_is_served_answers_with_its_own_date()
    {
        foreach (var version in CrmVersion.Served)
        {
            (await Version(version)).ShouldBe(version);
        }
    }

    [Theory]
    [InlineData("2026-11-23")]
    [InlineData("1999-01-01")]
    [InlineData("2")]
    [InlineData("")]
    [InlineData("2026-11-22, 2026-11-22")]
    public async Task An_unknown_version_is_refused_and_told_those_there_are(string version)
    {
        var refusal = await Refusal.Of(await Get("/answer", version));

        refusal.Status.ShouldBe(400);
        refusal.Errors.Single().ShouldSatisfyAllConditions(
            e => (e.Where, e.Code).ShouldBe(("Crm-Version", "unknown-version")), e => e.Message.ShouldContain(CrmVersion.Newest));
    }

    [Fact]
    public void Versions_are_days_in_their_order() =>
        CrmVersion.Served.Select(version => DateOnly.ParseExact(version, "yyyy-MM-dd")).ShouldBeInOrder();

    [Fact]
    public void Each_version_has_a_chapter_that_says_what_came_with_it() =>
        File.ReadAllLines(Path.Combine(DocsTests.Root(), "docs", "api", "versions.md")).Where(line => line.StartsWith("## ")).Select(line => line[3..])
            .ShouldBe(CrmVersion.Served.Reverse());

    [Fact]
    public async Task What_is_deprecated_says_so_in_every_answer()
    {
        foreach (var response in new[] { await Get("/old", null), await toy.Http.Send("{}", "/old") })
        {
            response.Headers.GetValues("Deprecation").ShouldBe(["@1796083200"]);
            response.Headers.GetValues("Sunset").Single().ShouldEndWith("2028 00:00:00 GMT");
            response.Headers.GetValues("Link").Single()
                .ShouldBe("</docs/api/versions>; rel=\"deprecation\", </docs/api/versions>; rel=\"sunset\"");
        }

        (await Get("/answer", null)).Headers.Contains("Deprecation").ShouldBeFalse();
    }

    [Fact]
    public void Nobody_is_given_less_than_eighteen_months()
    {
        var app = WebApplication.Create();

        Should.Throw<ArgumentException>(() => app.MapGet("/", () => 0).Deprecated(new(2026, 12, 1), new(2028, 5, 31), "/docs"));
    }

    private async Task<string> Version(string? asked) => (await Get("/answer", asked)).EnsureSuccessStatusCode().Headers.GetValues("Crm-Version").Single();

    private Task<HttpResponseMessage> Get(string path, string? version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("Crm-Version", version);
        }

        return toy.Http.SendAsync(request);
    }
}
