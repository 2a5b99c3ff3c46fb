using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Notifications;
using Crm.Support;

namespace Crm.Api.Tests.Nurture;

/// <summary>The way of mails to leads, and who reads of them.</summary>
public sealed class NurtureMailTests(NotificationServer crm) : IClassFixture<NotificationServer>
{
    [FactWith("node", "npm")]
    public async Task Mails_wait_for_a_channel_of_the_name_that_the_playbook_says()
    {
        using var box = await MailBox.Open();
        var (admin, _) = await NurtureStage.Open(crm, box.Port);
        var channel = (await admin.Read("channels")).Ok().Body.GetProperty("items")[0].GetProperty("id").GetGuid();
        (await admin.Put($"channels/{channel}", Mail("another"))).Ok();
        await NurtureStage.Running(admin, "renamed@example.com");
        await crm.Move(TimeSpan.FromDays(1));
        await Patience.Until("it waits", async () =>
            (await admin.Read("messages?state=waiting")).Ok().Body.GetProperty("items").EnumerateArray()
                .Any(one => one.GetProperty("answer").GetString() == "no-channel"));

        (await admin.Put($"channels/{channel}", Mail("house"))).Ok();
        await crm.Move(TimeSpan.FromHours(3));

        (await box.Until(1))[0].To.Single().ShouldBe("renamed@example.com");

        object Mail(string name) => new
        {
            kind = "mail", name, mail = new
            {
                host = "127.0.0.1", port = box.Port, security = "none",
                from = "noreply@crm.example.com"
            }
        };
    }

    [FactWith("node", "npm")]
    public async Task No_more_addresses_are_written_to_in_a_day_than_the_playbook_wants()
    {
        using var box = await MailBox.Open();
        var (admin, _) = await NurtureStage.Open(crm, box.Port);
        (await admin.Put("playbook/draft", NurtureStage.Document("day 1", mostADay: 1))).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
        await NurtureStage.Running(admin, "first@example.com");
        await NurtureStage.Running(admin, "second@example.com");

        await crm.Move(TimeSpan.FromDays(1));
        await Patience.Until("the other waits", async () => (await admin.Read("messages?state=waiting")).Ok().Body.GetProperty("items")
            .EnumerateArray().Any(one => one.GetProperty("answer").GetString() == "enough-a-day"));
        box.Got.Count.ShouldBe(1);
        await crm.Move(TimeSpan.FromHours(21));

        (await box.Until(2)).Select(mail => mail.To.Single()).ShouldBe(["first@example.com", "second@example.com"], ignoreOrder: true);
    }

    [FactWith("node", "npm")]
    public async Task Whoever_sees_his_own_leads_only_reads_of_no_mail_to_others()
    {
        using var box = await MailBox.Open();
        var (admin, _) = await NurtureStage.Open(crm, box.Port);
        (await admin.Put("roles/reader", new { functions = new[] { "leads.read", "messages.read" }, scope = "own" })).Ok();
        (await admin.Write("members", new { id = "bob", role = "reader" })).Ok();
        using var bob = crm.With((await admin.Write("api-keys", new { name = "bob", member = "bob" })).Ok()["key"]);
        var lead = await NurtureStage.Running(admin, "seen@example.com");
        await crm.Move(TimeSpan.FromDays(1));
        await box.Until(1);
        var message = (await admin.Read($"messages?recipient={lead}")).Ok().Body.GetProperty("items")[0].GetProperty("id").GetGuid();

        (await bob.Read("messages")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await bob.Read($"messages/{message}")).Status.ShouldBe(404);
        (await admin.Write($"leads/{lead}/assignment", new { rep = "bob" })).Ok();
        await Patience.Until("he sees it", async () => (await bob.Read("messages")).Ok().Body.GetProperty("items").GetArrayLength() == 1);
        (await bob.Read($"messages/{message}")).Status.ShouldBe(200);
    }
}
