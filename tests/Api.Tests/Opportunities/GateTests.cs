using System.Text.Json;
using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Opportunities;

/// <summary>Opportunities pass gates by evidence, and are judged by the rules under which they came to where they are.</summary>
public sealed class GateTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Photo = "样品试用签字照片";

    private static int tenants;

    [Fact]
    public async Task A_stage_is_entered_by_what_its_gates_ask_for()
    {
        using var http = await Tenant(Road());
        var deal = (await http.Write("opportunities", new { name = "Lathe line", pipeline = "sales", amount = Talk.Money(50_000m) })).Ok().Id;
        var other = (await http.Attach($"opportunities/{deal}", "photo.pdf", Attaching.Pdf(), ("label", "photo"))).Ok()["attachmentId"];

        var refused = await (await http.Write($"opportunities/{deal}/stage", new { stage = "Quote" })).Refused();
        (refused.Status, refused.Code).ShouldBe((422, "opportunity.gate"));
        refused.Errors.Select(error => $"{error.Where} {error.Code} {error.Message.Split(':')[0]}").ShouldBe(
        [
            $"/stage opportunity.gate-item To go on from Trial it takes 'photo' ({Photo})",
            "/stage opportunity.gate-item To come to Quote it takes 'close' (Close date)"
        ]);
        refused.Errors[0].Message.ShouldContain($"attachment {other} (photo)");
        refused.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("need").GetRawText()).ShouldBe(
        [
            $$"""{"stage":"Trial","gate":"exit","key":"photo","what":"attachment","label":"{{Photo}}","inStage":false,"wanted":1,"there":0}""",
            """{"stage":"Quote","gate":"entry","key":"close","what":"field","field":"expectedClose","inStage":false,"wanted":1,"there":0}"""
        ]);

        var file = (await http.Attach($"opportunities/{deal}", "signed.pdf", Attaching.Pdf("signed"), ("label", Photo))).Ok()["attachmentId"];
        var ahead = await Gates(http, deal);
        Items(ahead).ShouldBe("photo+ close-");
        ahead.GetProperty("isOpen").GetBoolean().ShouldBeFalse();
        ahead.GetProperty("items")[0].GetProperty("attachmentId").GetString().ShouldBe(file);
        var need = ahead.GetProperty("items")[0].GetProperty("need");
        $"{need.GetProperty("what")} {need.GetProperty("label")} {need.GetProperty("there")}/{need.GetProperty("wanted")}"
            .ShouldBe($"attachment {Photo} 1/1");

        (await http.Patch($"opportunities/{deal}", new { expectedClose = "2027-01-31" })).Ok();
        var before = DateTimeOffset.UtcNow;
        (await http.Write($"opportunities/{deal}/stage", new { stage = "Quote" })).Ok();
        var entered = (await http.Read($"opportunities/{deal}/events")).Ok().Body.GetProperty("items").EnumerateArray().Last();
        entered.GetProperty("data").GetProperty("passed")[0].GetProperty("evidence").GetProperty("attachmentId").GetString().ShouldBe(file);

        (await http.Write($"opportunities/{deal}/attachments/{file}/removal", new { reason = "of another plant" })).Ok();
        var after = await Gates(http, deal);
        after.GetProperty("gone")[0].GetProperty("key").GetString().ShouldBe("photo");
        $"{after.GetProperty("to")} {Items(after)}".ShouldBe("won contract-");
        (await Gates(http, deal, $"?at={before.Text()}")).GetProperty("isOpen").GetBoolean().ShouldBeTrue("then all was there");
    }

    [Fact]
    public async Task What_is_asked_for_later_does_not_hold_up_who_came_earlier()
    {
        using var http = await Tenant(Road());
        var deal = (await http.Write("opportunities", new { name = "Lathe line", pipeline = "sales", amount = Talk.Money(1m), expectedClose = "2027-01-31" })).Ok().Id;
        var version = await JudgedBy();
        await Publish(http, Road(label: "another photo"));

        (await JudgedBy()).ShouldBe(version, "it came by that one");
        Items(await Gates(http, deal)).ShouldBe("photo- close+");
        (await http.Attach($"opportunities/{deal}", "signed.pdf", Attaching.Pdf("old"), ("label", Photo))).Ok();
        (await http.Write($"opportunities/{deal}/stage", new { stage = "Quote" })).Ok();
        (await http.Write($"opportunities/{deal}/stage", new { stage = "Trial" })).Ok();
        (await JudgedBy()).ShouldBe(version + 1);
        Items(await Gates(http, deal)).ShouldBe("photo- close+", "it came back under the new ones");

        async Task<long> JudgedBy() => (await http.Read($"opportunities/{deal}")).Ok().Body.GetProperty("judgedBy").GetInt64();
    }

    [Fact]
    public async Task It_is_won_with_its_voucher_and_lost_for_a_reason_that_is_known()
    {
        using var http = await Tenant(Road());
        var deal = (await http.Write("opportunities", new { name = "Lathe line", pipeline = "sales", amount = Talk.Money(1m), expectedClose = "2027-01-31" })).Ok().Id;
        (await http.Attach($"opportunities/{deal}", "signed.pdf", Attaching.Pdf("won"), ("label", Photo))).Ok();

        (await (await http.Write($"opportunities/{deal}/loss", new { reason = "weather" })).Refused()).Code.ShouldBe("opportunity.loss-reason");
        var refused = await (await http.Write($"opportunities/{deal}/win", new { })).Refused();
        refused.Errors.ShouldHaveSingleItem().Message.ShouldStartWith("To be won it takes 'contract'");
        refused.Errors.Single().Where.ShouldBe("/reference");
        (await http.Write($"opportunities/{deal}/win", new { reference = "C-2026-114" })).Ok();
        var unpaid = await (await http.Write($"opportunities/{deal}/payment", new { })).Refused();
        (unpaid.Status, unpaid.Code).ShouldBe((422, "opportunity.gate"));
        unpaid.Errors.ShouldHaveSingleItem().Message.ShouldStartWith("To count as paid it takes 'receipt'");
        var ahead = await Gates(http, deal);
        $"{ahead.GetProperty("to")} {Items(ahead)}".ShouldBe("paid receipt-");
        (await http.Attach($"opportunities/{deal}", "receipt.pdf", Attaching.Pdf("paid"), ("label", "receipt"))).Ok();
        (await http.Write($"opportunities/{deal}/payment", new { reference = "B-1" })).Ok();
        $"{(await Gates(http, deal)).GetProperty("to")} {Items(await Gates(http, deal, "?stage=paid"))}".ShouldBe("delivered receipt+");
        var stranger = await (await http.Read($"opportunities/{deal}/gates?stage=Delivery")).Refused();
        (stranger.Code, stranger.Errors.Single().Where).ShouldBe(("opportunity.stage-unknown", "stage"), "it is a parameter, and no member of a body");
    }

    private async Task<HttpClient> Tenant(object road)
    {
        var http = await crm.Tenant($"gates-{Interlocked.Increment(ref tenants)}");
        await Publish(http, road);
        return http;
    }

    private static async Task Publish(HttpClient http, object road)
    {
        (await http.Put("playbook/draft", new { name = "Sales", pipelines = new[] { road } })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
    }

    private static object Road(string label = Photo) => new
    {
        key = "sales", name = "Sales", lossReasons = new[] { "price", "timing" },
        stages = new object[]
        {
            new { name = "Trial", exit = new[] { new { key = "photo", name = Photo, attachment = label } } },
            new { name = "Quote", entry = new[] { new { key = "close", name = "Close date", field = "expectedClose" } } }
        },
        win = new[] { new { key = "contract", name = "Number of the contract", field = "reference" } },
        paid = new[] { new { key = "receipt", name = "回款凭证", attachment = "receipt" } }
    };

    private static async Task<JsonElement> Gates(HttpClient http, Guid deal, string query = "") => (await http.Read($"opportunities/{deal}/gates{query}")).Ok().Body;

    private static string Items(JsonElement gates) => string.Join(' ', gates.GetProperty("items").EnumerateArray()
        .Select(item => item.GetProperty("key").GetString() + (item.GetProperty("isMet").GetBoolean() ? "+" : "-")));
}
