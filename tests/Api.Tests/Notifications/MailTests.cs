using System.Text.Json;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Tasks;
using Crm.Support;

namespace Crm.Api.Tests.Notifications;

/// <summary>Alerts by mail, through a mail server of others.</summary>
public sealed class MailTests(NotificationServer crm) : IClassFixture<NotificationServer>
{
    [FactWith("node", "npm")]
    public async Task A_mail_comes_in_its_readers_language_under_an_id_that_the_log_names()
    {
        using var box = await MailBox.Open("--login", "--plain");
        var (admin, ann, tenant) = await crm.Stage("Asia/Shanghai");
        await Way(admin, ann, box.Port, new { mail = "ann@example.com", language = "zh-CN" }, user: "crm", password: "correct horse");

        await crm.Raise(tenant, "task-overdue", id: null, with: [("title", "首次电话 🚀"), ("dueAt", "2026-05-29T08:00:00Z")]);
        var mail = (await box.Until(1)).Single();
        var sent = await One(admin, "sent");

        (mail.Subject, mail.Text!.Trim()).ShouldBe(("任务“首次电话 🚀”已逾期，截止时间 2026-05-29 16:00。", "任务“首次电话 🚀”已逾期，截止时间 2026-05-29 16:00。"));
        mail.Id.ShouldBe($"<{sent.GetProperty("id").GetGuid():N}@crm.example.com>");
        mail.To.ShouldBe(["ann@example.com"]);
        (mail.Automatic, mail.From).ShouldBe(("auto-generated", "\"销售系统\" <noreply@crm.example.com>"));
        (await crm.TablesWith("ann@example.com")).ShouldBeEmpty("an address is sealed");
        (await crm.TablesWith("correct horse")).ShouldBeEmpty("a password is sealed");
        var detail = (await admin.Read($"messages/{sent.GetProperty("id").GetGuid()}")).Ok().Body;
        detail.GetProperty("tries").EnumerateArray().Single().GetProperty("answer").GetString().ShouldBe("250");
    }

    [FactWith("node", "npm")]
    public async Task What_is_refused_for_a_while_is_tried_again_and_what_is_refused_for_good_is_not()
    {
        using var box = await MailBox.Open();
        var (admin, ann, tenant) = await crm.Stage();
        await Way(admin, ann, box.Port, new { mail = "later@example.com" });
        await crm.Raise(tenant, "k");
        await box.Until(1);
        var sent = await One(admin, "sent");
        sent.GetProperty("attempts").GetInt32().ShouldBe(2);

        await Way(admin, ann, box.Port, new { mail = "nobody@example.com" });
        await crm.Raise(tenant, "k");
        var failed = await One(admin, "failed");

        (failed.GetProperty("attempts").GetInt32(), failed.GetProperty("answer").GetString()).ShouldBe((1, "550"));
        await Way(admin, ann, box.Port, new { mail = "ann@example.com" });
        (await admin.Write($"messages/{failed.GetProperty("id").GetGuid()}/retry", new { })).Status.ShouldBe(204);
        await Patience.Until("the mail that failed has come", () => box.Got.Any(mail => mail.To.Contains("ann@example.com")));
    }

    [FactWith("node", "npm")]
    public async Task A_certificate_that_nobody_vouches_for_is_not_believed()
    {
        using var box = await MailBox.Open();
        var (admin, _, _) = await crm.Stage();
        var channel = (await admin.Write("channels", Mail(box.Port, security: "start-tls"))).Ok().Id;

        var tried = (await admin.Write($"channels/{channel}/test", new { to = "ann@example.com" })).Ok();

        (tried.Body.GetProperty("taken").GetBoolean(), tried["answer"]).ShouldBe((false, "tls"));
        box.Got.ShouldBeEmpty();
    }

    [FactWith("node", "npm")]
    public async Task What_comes_in_quiet_hours_waits_and_what_was_read_meanwhile_is_not_sent()
    {
        using var box = await MailBox.Open();
        var (admin, ann, tenant) = await crm.Stage();
        var now = crm.Engine.Store.Clock.GetUtcNow();
        await Way(admin, ann, box.Port, new { mail = "ann@example.com", quietHours = new { from = $"{now.AddHours(-2):HH:mm}", to = $"{now.AddHours(2):HH:mm}" } });
        var (read, unread) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await crm.Raise(tenant, "was-read", id: read);
        await crm.Raise(tenant, "waits", id: unread);
        await crm.Raise(tenant, "cannot-wait", AlertSeverity.Critical);
        (await box.Until(1)).Single().Subject.ShouldBe("cannot-wait");
        (await ann.Write($"alerts/{read}/read", new { })).Ok();

        await crm.Move(TimeSpan.FromHours(3));
        await box.Until(2);

        box.Got.Select(mail => mail.Subject).ShouldBe(["cannot-wait", "waits"]);
        (await One(admin, "dropped")).GetProperty("answer").GetString().ShouldBe("read-already");
    }

    [FactWith("node", "npm")]
    public async Task A_digest_tells_of_a_day_in_one_mail()
    {
        using var box = await MailBox.Open();
        var (admin, ann, tenant) = await crm.Stage();
        var now = crm.Engine.Store.Clock.GetUtcNow();
        var channel = (await admin.Write("channels", Mail(box.Port))).Ok().Id;
        (await ann.Put("alerts/preferences", new { mail = "ann@example.com", routes = new[] { new { channel, digestAt = $"{now.AddHours(1):HH:mm}" } } })).Ok();
        for (var i = 0; i < 5; i++)
        {
            await crm.Raise(tenant, $"kind-{i}");
        }

        await crm.Move(TimeSpan.FromHours(2));
        var mail = (await box.Until(1)).Single();

        mail.Subject.ShouldBe("5 things that you wanted to hear of");
        mail.Text!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(6);
        (await admin.Read($"messages/{(await One(admin, "sent")).GetProperty("id").GetGuid()}")).Ok().Body.GetProperty("tells").GetArrayLength().ShouldBe(5);
    }

    [FactWith("node", "npm")]
    public async Task Nobody_reads_in_a_mail_what_his_role_hides_and_nobody_who_left_gets_one()
    {
        using var box = await MailBox.Open();
        var (admin, ann, tenant) = await crm.Stage();
        (await admin.Put("roles/blind", new { functions = new[] { "alerts.read", "channels.read" }, scope = "own", hiddenFields = new[] { "lead.company" } })).Ok();
        (await admin.Write("members/ann/role", new { role = "blind" })).Ok();
        await Way(admin, ann, box.Port, new { mail = "ann@example.com" });
        await crm.Raise(tenant, "lead-given", about: new About(AboutKind.Lead, Guid.NewGuid()), with: [("company", "Secret Ltd")]);

        (await box.Until(1)).Single().Subject.ShouldBe("The lead is yours now.");
        (await ann.Read("alerts")).Ok().Text.ShouldNotContain("Secret Ltd");
        (await admin.Write("members/ann/suspension", new { reason = "left" })).Ok();
        await crm.Raise(tenant, "lead-given");
        (await One(admin, "dropped")).GetProperty("answer").GetString().ShouldBe("member-left");
        box.Got.Count.ShouldBe(1);
    }

    [FactWith("node", "npm")]
    public async Task A_channel_that_is_removed_takes_with_it_what_waited_for_it()
    {
        using var box = await MailBox.Open();
        var (admin, ann, tenant) = await crm.Stage();
        var channel = await Way(admin, ann, box.Port, new { mail = "ann@example.com", quietHours = new { from = "00:00", to = "23:59" } });
        await crm.Raise(tenant, "waits");
        await One(admin, "waiting");

        (await admin.Ask(new HttpRequestMessage(HttpMethod.Delete, $"channels/{channel}"))).Ok();

        (await One(admin, "dropped")).GetProperty("answer").GetString().ShouldBe("channel-removed");
        (await crm.TablesWith("noreply@crm.example.com")).ShouldNotContain("crm.channel_secret");
    }

    private static object Mail(int port, string security = "none", string? user = null, string? password = null) => new
    {
        kind = "mail",
        name = "house",
        mail = new { host = "127.0.0.1", port, security, from = "noreply@crm.example.com", fromName = "销售系统", user, password }
    };

    // Ann hears by mail of everything, at once.
    private static async Task<Guid> Way(HttpClient admin, HttpClient ann, int port, object wishes, string? user = null, string? password = null)
    {
        var channel = (await admin.Write("channels", Mail(port, user: user, password: password))).Ok().Id;
        var body = JsonSerializer.SerializeToNode(wishes)!.AsObject();
        body["routes"] = JsonSerializer.SerializeToNode(new[] { new { channel } });
        (await ann.Put("alerts/preferences", body)).Ok();
        return channel;
    }

    private static async Task<JsonElement> One(HttpClient admin, string state)
    {
        JsonElement found = default;
        await Patience.Until($"one is {state}", async () =>
        {
            var items = (await admin.Read($"messages?state={state}")).Ok().Body.GetProperty("items");
            found = items.GetArrayLength() == 1 ? items[0] : default;
            return items.GetArrayLength() == 1;
        });
        return found;
    }
}
