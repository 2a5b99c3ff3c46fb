using System.Buffers.Text;
using System.Security.Cryptography;
using Crm.Api.Nurture;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Notifications;
using Crm.Support;

namespace Crm.Api.Tests.Nurture;

/// <summary>Whoever unsubscribes does so for his address, in whatever lead it stands.</summary>
public sealed class UnsubscribedAddressTests(NotificationServer crm) : IClassFixture<NotificationServer>
{
    private const string Address = "enough@example.com";

    [FactWith("node", "npm")]
    public async Task Whoever_unsubscribed_is_not_written_to_by_the_next_lead_of_his_address_until_somebody_lifts_it()
    {
        using var box = await MailBox.Open();
        var (admin, tenant) = await NurtureStage.Open(crm, box.Port);
        var first = await NurtureStage.Running(admin, Address);
        await crm.Move(TimeSpan.FromDays(1));
        await NurtureStage.Unsubscribe(crm, (await box.Until(1))[0]);

        // Erased as a person is: what was sealed of the first lead is unreadable for good.
        (await admin.Write($"leads/{first}/disqualification", new { reason = "no need" })).Ok();
        var next = (await admin.Write("leads", new { source = "web", email = " Enough@Example.com" })).Ok().Id;
        await crm.Sql($"delete from crm.person_key where tenant_id = '{tenant}' and person = '{first}'");
        (await admin.Write($"leads/{next}/touches", new { kind = "mail", direction = "outbound" })).Ok();
        await Patience.Until("rules have looked at it", async () => (await NurtureStage.Events(admin, next)).Contains("lead_assigned"));

        (await NurtureStage.State(admin, next)).GetProperty("unsubscribed").GetBoolean().ShouldBeTrue();
        (await (await admin.Write($"leads/{next}/nurture", new { sequence = "welcome" })).Refused()).Code.ShouldBe("lead.unsubscribed");
        (await NurtureStage.Events(admin, next)).ShouldNotContain("lead_nurture_started");

        (await admin.Write($"leads/{next}/nurture/resubscription", new { reason = "told us on the phone" })).Ok();
        (await admin.Write($"leads/{next}/nurture/resubscription", new { reason = "told us on the phone" })).Ok();

        (await NurtureStage.State(admin, next)).GetProperty("unsubscribed").GetBoolean().ShouldBeFalse();
        (await NurtureStage.Events(admin, next)).Count(type => type == "lead_resubscribed").ShouldBe(1);
        (await admin.Write($"leads/{next}/nurture", new { sequence = "welcome" })).Ok();
        await crm.Move(TimeSpan.FromDays(1));
        (await box.Until(2))[1].To.Single().ShouldBe(Address);
        (await crm.TablesWith("told us on the phone")).ShouldBeEmpty();
    }

    [FactWith("node", "npm")]
    public async Task A_sequence_of_another_lead_of_the_address_ends_with_its_next_mail()
    {
        using var box = await MailBox.Open();
        var (admin, tenant) = await NurtureStage.Open(crm, box.Port);
        var lead = await NurtureStage.Running(admin, "other@example.com");
        await crm.Move(TimeSpan.FromDays(1));
        await box.Until(1);

        // By a lead that came to have the address by another way, such as a file.
        var (kind, key) = crm.Engine.LeadKeys.RefusedMail(tenant, "other@example.com");
        await crm.Sql($"insert into crm.claim values ('{tenant}', '{kind}', '{key}', '{Guid.NewGuid()}', now())");
        await crm.Move(TimeSpan.FromDays(3));

        await Patience.Until("it has ended", async () => (await NurtureStage.State(admin, lead)).GetProperty("because")
            .GetString() == "unsubscribed");
        box.Got.Count.ShouldBe(1);
    }

    [FactWith("node", "npm")]
    public async Task An_address_gets_one_mail_a_day_by_whatever_leads_and_one_lead_has_rules_send_it_some()
    {
        using var box = await MailBox.Open();
        var (admin, tenant) = await NurtureStage.Open(crm, box.Port);
        var first = await NurtureStage.Running(admin, "both@example.com");

        // Known by a telephone number of its own, and of the same address: it came by that later.
        var second = (await admin.Write("leads", new { source = "form", phone = "+8613800138000" })).Ok().Id;
        await Patience.Until("it is given to somebody", async () => (await NurtureStage.Events(admin, second)).Contains("lead_assigned"));
        await crm.Sql($"delete from crm.claim where tenant_id = '{tenant}' and kind = 'lead-email'");
        (await admin.Patch($"leads/{second}", new { email = "both@example.com" })).Ok();
        var (kind, key) = crm.Engine.LeadKeys.Of(tenant, new(null, null, "both@example.com", null)).Single().Claim;
        await crm.Sql($"update crm.claim set stream_id = '{first}' where tenant_id = '{tenant}' and kind = '{kind}' and key = '{key}'");
        (await admin.Write($"leads/{second}/touches", new { kind = "mail", direction = "outbound" })).Ok();
        await Patience.Until("rules have looked at it", async () => (await admin.Read("automations")).Ok().Body
            .GetProperty("items")[0].GetProperty("behind").GetInt64() == 0);
        (await NurtureStage.Events(admin, second)).ShouldNotContain("lead_nurture_started");

        (await admin.Write($"leads/{second}/nurture", new { sequence = "welcome" })).Ok();
        await crm.Move(TimeSpan.FromHours(25));
        await Patience.Until("the other waits", async () =>
            (await admin.Read("messages?state=waiting")).Ok().Body.GetProperty("items").EnumerateArray()
                .Any(one => one.GetProperty("answer").GetString() == "one-a-day"));
        box.Got.Count.ShouldBe(1);
        await crm.Move(TimeSpan.FromHours(21));
        await box.Until(2);
    }

    [Fact]
    public void An_address_to_unsubscribe_at_that_is_older_than_this_still_says_which_lead_it_is()
    {
        var (address, lead) = (new UnsubscribeAddress(new byte[32]), Guid.Parse("0190aaaa-0000-7000-8000-000000000001"));
        var older = HMACSHA256.HashData(new byte[32], (byte[])[.. lead.ToByteArray(bigEndian: true), .. "acme"u8])[..16];
        var written = address.Write("acme", lead, Base64Url.EncodeToString(new byte[32]));

        address.Read(Base64Url.EncodeToString([.. older, .. lead.ToByteArray(bigEndian: true), .. "acme"u8]))
            .ShouldBe(("acme", lead, null, false));
        address.Read(written)!.Value.Refused.ShouldBe(Base64Url.EncodeToString(new byte[32]));
        address.Read(address.Write("acme", lead, Base64Url.EncodeToString(new byte[32]), isContact: true))!.Value.IsContact.ShouldBeTrue();
        address.Read(written[..^2] + "AA").ShouldBeNull();
    }
}
