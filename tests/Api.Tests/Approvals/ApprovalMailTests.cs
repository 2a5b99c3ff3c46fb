using System.Net;
using System.Text.RegularExpressions;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Events;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Notifications;
using static Crm.Api.Tests.Approvals.ApprovalSteps;

namespace Crm.Api.Tests.Approvals;

/// <summary>Whoever is asked by mail decides by the link in it.</summary>
public sealed partial class ApprovalMailTests(NotificationServer crm) : IClassFixture<NotificationServer>
{
    [FactWith("node", "npm")]
    public async Task The_link_in_the_mail_of_whoever_is_asked_decides()
    {
        using var box = await MailBox.Open();
        var (admin, ann, _) = await crm.Stage();
        (await admin.Write("members", new { id = "li", role = "rep" })).Ok();
        using var li = crm.With((await admin.Write("api-keys", new { name = "li", member = "li" })).Ok()["key"]);
        await Publish(admin, Flow("discount", new { key = "ann", name = "Ann", approvers = new { members = new[] { "ann" } } }));
        var mail = new { host = "127.0.0.1", port = box.Port, security = "none", from = "noreply@crm.example.com" };
        var channel = (await admin.Write("channels", new { kind = "mail", name = "house", mail })).Ok().Id;
        (await ann.Put("alerts/preferences", new { mail = "ann@example.com", language = "zh-CN", routes = new[] { new { channel } } }))
            .Ok();

        var deal = (await li.Open()).Id;
        var asked = (await li.Write($"opportunities/{deal}/approvals", new { flow = "discount", reason = "x", purpose = "九折" })).Ok().Id;
        var text = (await box.Until(1))[0].Text!;

        text.ShouldContain("li 请您审批“discount”：九折");
        var link = new Uri(Link().Match(text).Value);
        (await crm.TablesWith(link.Segments[^1])).ShouldBeEmpty("a link is a key, and kept nowhere");
        using var browser = new HttpClient { BaseAddress = new Uri(crm.App.Urls.Single()) };
        browser.DefaultRequestHeaders.Add("Accept-Language", "zh-CN");
        (await browser.GetStringAsync(link.AbsolutePath)).ShouldContain("同意");
        using var broken = new StringContent("no form", new System.Net.Http.Headers.MediaTypeHeaderValue("multipart/form-data"));
        using var again = await browser.PostAsync(link.AbsolutePath, broken);
        (again.StatusCode, (await again.Content.ReadAsStringAsync()).Contains("同意")).ShouldBe((HttpStatusCode.OK, true));
        using var taken = await browser.PostAsync(
            link.AbsolutePath, new FormUrlEncodedContent([new("decision", "refuse"), new("reason", "too\u0001 deep")]));

        var refused = await li.State(asked);
        (taken.StatusCode, refused.Text("state")).ShouldBe((HttpStatusCode.OK, "refused"));
        refused.GetProperty("steps")[0].GetProperty("seats")[0].GetProperty("reason").GetString().ShouldBe("too deep");
    }

    [GeneratedRegex(@"http\S+/approve/\S+")]
    private static partial Regex Link();
}
