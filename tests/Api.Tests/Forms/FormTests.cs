using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Leads;

namespace Crm.Api.Tests.Forms;

/// <summary>A form on a web page: published by somebody, filled in by anybody.</summary>
public sealed class FormTests(CrmServer crm) : IClassFixture<CrmServer>, IDisposable
{
    private readonly HttpClient anybody = new() { BaseAddress = new Uri(crm.App.Urls.Single()) };

    private HttpClient Http => crm.Http;

    public void Dispose() => anybody.Dispose();

    [Fact]
    public async Task Somebody_who_fills_it_in_becomes_a_lead_without_logging_in()
    {
        var phone = CaptureTests.Phone();
        var form = await Publish(new { name = "Contact", source = "web form", campaign = "spring", product = "GTX" });

        var sent = await Send(form, new { company = "Acme", contact = "Ann", phone = phone[3..], message = "please call", website_url = "" });

        (sent.Status, sent.Text).ShouldBe((202, """{"received":true}"""));
        var lead = (await Http.Write("leads", new { source = "typed", phone })).Ok();
        lead.Status.ShouldBe(200, "it was known by the form");
        var read = (await Http.Read($"leads/{lead.Id}")).Ok();
        (read["source"], read["campaign"], read["product"], read["phone"], read["contact"]).ShouldBe(("web form", "spring", "GTX", phone, "Ann"));
        var first = (await Http.Read($"leads/{lead.Id}/events")).Ok().Body.GetProperty("items")[0];
        first.GetProperty("source").GetString().ShouldBe("form");
    }

    [Fact]
    public async Task A_page_without_script_may_send_it()
    {
        var phone = CaptureTests.Phone();
        var form = await Publish(new { name = "Plain", source = "plain page" });

        var answer = await anybody.PostAsync($"/forms/{form}", new FormUrlEncodedContent(new Dictionary<string, string> { ["contact"] = "王芳", ["phone"] = phone, ["employees"] = "70", ["message"] = "", ["website_url"] = "" }));

        ((int)answer.StatusCode).ShouldBe(202, await answer.Content.ReadAsStringAsync());
        var lead = (await Http.Write("leads", new { source = "typed", phone })).Ok();
        var read = (await Http.Read($"leads/{lead.Id}")).Ok();
        (read["contact"], read["sizeBand"]).ShouldBe(("王芳", "medium"));
    }

    [Fact]
    public async Task What_a_program_fills_in_is_thrown_away_with_the_same_answer()
    {
        var phone = CaptureTests.Phone();
        var form = await Publish(new { name = "Trap", source = "web", honeypot = "fax" });
        var before = await crm.Events();

        (await Send(form, new { phone, fax = "http://spam.example" })).Text.ShouldBe("""{"received":true}""");

        (await crm.Events()).ShouldBe(before);
        (await Http.Write("leads", new { source = "typed", phone })).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("""{"message":"hello"}""", "/phone")]
    [InlineData("""{"company":"Acme"}""", "/phone")]
    [InlineData("""{"email":"nonsense"}""", "/email")]
    [InlineData("""{"phone":"13800138000","tenant":"x"}""", "/tenant")]
    [InlineData("""{"phone":"13800138000","rep":"x"}""", "/rep")]
    [InlineData("""{"phone":5}""", "/phone")]
    public async Task What_is_wrong_is_named(string body, string pointer)
    {
        var form = await Publish(new { name = "Strict", source = "web" });

        var refused = await (await Send(form, body)).Refused();

        (refused.Status, refused.Errors.Single().Where).ShouldBe((400, pointer));
    }

    [Fact]
    public async Task Pages_of_its_origins_may_send_it_and_others_not()
    {
        const string Ours = "https://www.example.com";
        var form = await Publish(new { name = "Cross", source = "web", origins = new[] { Ours } });

        var asked = await Ask(form, HttpMethod.Options, Ours);
        (asked.Status, asked.Allowed).ShouldBe((204, Ours));
        var sent = await Ask(form, HttpMethod.Post, Ours);
        (sent.Status, sent.Allowed).ShouldBe((202, Ours));
        foreach (var other in (string[])["https://evil.example", "null", "https://www.example.com.evil.example", "http://www.example.com"])
        {
            (await Ask(form, HttpMethod.Options, other)).ShouldBe((403, null), other);
            (await Ask(form, HttpMethod.Post, other)).ShouldBe((403, null), other);
        }
    }

    [Fact]
    public async Task It_takes_so_many_a_minute()
    {
        var form = await Publish(new { name = "Narrow", source = "web", perMinute = 3 });

        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            statuses.Add((await Send(form, new { phone = CaptureTests.Phone() })).Status);
        }

        statuses.ShouldBe([202, 202, 202, 429, 429]);
        var refused = await Send(form, new { phone = CaptureTests.Phone() });
        refused.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
    }

    [Fact]
    public async Task One_that_is_retired_or_never_was_is_not_there()
    {
        var published = (await Http.Write("forms", new { name = "Old", source = "web" })).Ok();
        (await Send(published["key"]!, new { phone = CaptureTests.Phone() })).Status.ShouldBe(202);
        (await Http.Write($"forms/{published.Id}/retirement", new { reason = "old" })).Ok();

        var retired = await Send(published["key"]!, new { phone = CaptureTests.Phone() });
        var never = await Send($"form_main_{Guid.NewGuid():N}", new { phone = CaptureTests.Phone() });
        var nonsense = await Send("x", new { phone = CaptureTests.Phone() });

        foreach (var reply in (Reply[])[retired, never, nonsense])
        {
            (reply.Status, (await reply.Refused()).Code).ShouldBe((404, "form.unknown"));
        }

        (await Http.Read($"forms/{published.Id}")).Ok()["status"].ShouldBe("retired");
    }

    [Fact]
    public async Task The_same_submission_sent_again_is_one()
    {
        var phone = CaptureTests.Phone();
        var form = await Publish(new { name = "Twice", source = "web" });

        await Send(form, new { phone }, ("Idempotency-Key", "one"));
        (await Send(form, new { phone }, ("Idempotency-Key", "one"))).Status.ShouldBe(202);

        var lead = (await Http.Write("leads", new { source = "typed", phone })).Ok();
        (await Http.Read($"leads/{lead.Id}")).Ok()["touches"].ShouldBe("2");
    }

    [Fact]
    public async Task Forms_are_listed_changed_and_told_in_sentences()
    {
        var form = (await Http.Write("forms", new { name = "Story", source = "web" })).Ok();
        var changed = (await Http.Patch($"forms/{form.Id}", new { perMinute = 5, campaign = "autumn" })).Ok();

        var one = (await Http.Read($"forms/{form.Id}")).Ok();
        (one["perMinute"], one["campaign"], one["key"]).ShouldBe(("5", "autumn", form["key"]));
        var list = (await Http.Read("forms?filter=name%3DStory", ("Crm-Min-Position", changed.Position))).Ok();
        list.Body.GetProperty("items").GetArrayLength().ShouldBe(1);
        var told = (await Http.Read($"audit?subjectId={form.Id}&lang=zh-CN", ("Crm-Min-Position", changed.Position))).Ok().Text;
        told.ShouldContain("发布表单“Story”");
    }

    private async Task<string> Publish(object form) => (await Http.Write("forms", form)).Ok()["key"]!;

    private async Task<Reply> Send(string form, object body, params (string Name, string Value)[] headers)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/forms/{form}");
        message.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await anybody.SendAsync(message);
        return new Reply(answer, await answer.Content.ReadAsStringAsync());
    }

    private async Task<(int Status, string? Allowed)> Ask(string form, HttpMethod method, string origin)
    {
        using var message = new HttpRequestMessage(method, $"/forms/{form}");
        message.Headers.TryAddWithoutValidation("Origin", origin);
        if (method == HttpMethod.Post)
        {
            message.Content = new StringContent(JsonSerializer.Serialize(new { phone = CaptureTests.Phone() }), Encoding.UTF8, "application/json");
        }

        using var answer = await anybody.SendAsync(message);
        return ((int)answer.StatusCode, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null);
    }
}
