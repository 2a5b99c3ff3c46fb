using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Forms;

/// <summary>Whoever wants to see a form has no login, and is bound like whoever sends one.</summary>
public sealed class FormLookTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Theory]
    [InlineData("GET")]
    [InlineData("OPTIONS")]
    public async Task It_is_shown_so_often_to_an_address_and_then_again_later(string method)
    {
        using var anybody = new HttpClient { BaseAddress = new Uri(crm.App.Urls.Single()) };
        var form = (await crm.Http.Write("forms", new { name = "Contact", source = "web" })).Ok()["key"]!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 800).Select(_ => anybody.SendAsync(new(new HttpMethod(method), $"/forms/{form}"))));

        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBeInRange(1, 700, "three hundred a minute, and what flowed in meanwhile");
        answers.Where(answer => !answer.IsSuccessStatusCode).ShouldAllBe(answer => (int)answer.StatusCode == 429 && answer.Headers.RetryAfter != null);
        (await crm.Http.Read("forms")).Ok();
    }
}
