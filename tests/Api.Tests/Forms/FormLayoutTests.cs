using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Leads;

namespace Crm.Api.Tests.Forms;

/// <summary>A form asks what the playbook says of it, shows it to whoever makes a page, and takes nothing else.</summary>
public sealed class FormLayoutTests(CrmServer crm) : IClassFixture<CrmServer>, IDisposable
{
    private static int tenants;

    private readonly HttpClient anybody = new() { BaseAddress = new Uri(crm.App.Urls.Single()) };

    public void Dispose() => anybody.Dispose();

    [Fact]
    public async Task It_is_described_to_anybody_in_its_order_and_words()
    {
        using var http = await Tenant();
        var form = (await http.Write("forms", new { name = "Web", source = "web", layout = "contact" })).Ok()["key"];

        var said = JsonDocument.Parse(await anybody.GetStringAsync($"/forms/{form}")).RootElement;

        said.GetProperty("name").GetString().ShouldBe("Talk to us");
        said.GetProperty("fields").EnumerateArray().Select(Told).ShouldBe(
        [
            "phone Telephone phone True ", "custom.urgency How urgent? choice True high,low", "custom.seats Seats number False ",
            "message Anything else? long-text False "
        ]);
        var page = await Page(form!);
        var second = page.IndexOf("name=\"custom.urgency\"", StringComparison.Ordinal);
        page.IndexOf("name=\"phone\" required", StringComparison.Ordinal).ShouldBeInRange(1, second);
        page.ShouldContain("<option>high</option>");
        page.ShouldContain("A &lt;b&gt;hint&lt;/b&gt;");
    }

    [Fact]
    public async Task What_it_asks_becomes_a_lead_and_what_it_does_not_is_named()
    {
        using var http = await Tenant();
        var form = (await http.Write("forms", new { name = "Web", source = "web", layout = "contact" })).Ok()["key"];
        var phone = CaptureTests.Phone();

        var refused = await (await Send(form!, new { company = "Acme", phone, custom = new { seats = 3, colour = "red" } })).Refused();
        (refused.Status, refused.Code).ShouldBe((422, "form.fields"));
        refused.Errors.Select(error => $"{error.Where} {error.Code}").ShouldBe(
            ["/company form.field-unasked", "/custom/colour form.field-unasked", "/custom/urgency form.field-missing"], ignoreOrder: true);
        refused = await (await Send(form!, new { phone, custom = new { seats = "three", urgency = "high" } })).Refused();
        refused.Errors.Single().Where.ShouldBe("/custom/seats");

        var page = await anybody.PostAsync($"/forms/{form}", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["phone"] = phone,
            ["custom.urgency"] = "high",
            ["custom.seats"] = "12.0",
            ["message"] = "",
            ["website_url"] = ""
        }));
        ((int)page.StatusCode).ShouldBe(202, await page.Content.ReadAsStringAsync());
        var lead = (await http.Write("leads", new { source = "typed", phone })).Ok().Id;
        (await http.Read($"leads/{lead}")).Ok().Body.GetProperty("custom").ToString().ShouldBe("""{"seats":"12","urgency":"high"}""");
    }

    [Fact]
    public async Task A_layout_is_in_the_playbook_and_one_that_goes_leaves_a_form_that_asks_for_all()
    {
        using var http = await Tenant();
        var other = await http.Write("forms", new { name = "Web", source = "web", layout = "other" });
        (await other.Refused()).Code.ShouldBe("form.layout-unknown");
        var form = (await http.Write("forms", new { name = "Web", source = "web", layout = "contact" })).Ok();
        (await (await http.Patch($"forms/{form.Id}", new { layout = "other" })).Refused()).Errors.Single().Where.ShouldBe("/layout");
        (await http.Read($"forms/{form.Id}")).Ok()["layout"].ShouldBe("contact");

        (await http.Patch($"forms/{form.Id}", new { layout = (string?)null })).Ok();
        var said = JsonDocument.Parse(await anybody.GetStringAsync($"/forms/{form["key"]}")).RootElement;
        (said.GetProperty("name").GetString(), said.GetProperty("fields").GetArrayLength()).ShouldBe(("Web", 11));
        (await Send(form["key"]!, new { company = "Acme", phone = CaptureTests.Phone() })).Status.ShouldBe(202);
    }

    private static string Told(JsonElement field) =>
        $"{field.GetProperty("name")} {field.GetProperty("label")} {field.GetProperty("type")} {field.GetProperty("required")} " +
        string.Join(',', field.GetProperty("choices").EnumerateArray());

    private async Task<string> Page(string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/forms/{form}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var answer = await anybody.SendAsync(request);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<Reply> Send(string form, object body)
    {
        var said = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        var answer = await anybody.PostAsync($"/forms/{form}", said);
        return new Reply(answer, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpClient> Tenant()
    {
        var http = await crm.Tenant($"layouts-{Interlocked.Increment(ref tenants)}");
        (await http.Put("playbook/draft", new
        {
            name = "x",
            fields = new object[]
            {
                new { record = "lead", key = "urgency", name = "Urgency", type = "choice", choices = new[] { "high", "low" } },
                new { record = "lead", key = "seats", name = "Seats", type = "number" },
                new { record = "lead", key = "colour", name = "Colour" }
            },
            forms = new[]
            {
                new
                {
                    key = "contact", name = "Talk to us", fields = new object[]
                    {
                        new { field = "phone", label = "Telephone", required = true, hint = "A <b>hint</b>" },
                        new { field = "custom.urgency", label = "How urgent?", required = true },
                        new { field = "custom.seats", label = "Seats" },
                        new { field = "message", label = "Anything else?" }
                    }
                }
            }
        })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
        return http;
    }
}
