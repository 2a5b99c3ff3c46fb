using System.Text.Json;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Warnings;

/// <summary>Deals that may be lost are on a list with their reasons, of any day; whoever has one and his superior hear of it
/// once.</summary>
public sealed class WarningTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    private HttpClient admin = null!;

    [Fact]
    public async Task A_deal_that_is_put_off_again_and_again_is_on_the_list_with_the_events_behind_it()
    {
        await Company();
        var (deal, other) = (await Open(), await Open());
        await PutOff(deal, 3);
        await PutOff(other, 2);

        var risk = (await AtRisk("", await Position())).ShouldHaveSingleItem();
        risk.GetProperty("id").GetGuid().ShouldBe(deal);
        var sign = risk.GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem();
        (sign.GetProperty("key").GetString(), sign.GetProperty("kind").GetString()).ShouldBe(("late", "rescheduled"));
        var events = (await admin.History($"opportunities/{deal}"))
            .Where(e => e.GetProperty("type").GetString() == "opportunity_close_date_changed").ToList();
        Behind(sign, "eventId").ShouldBe(events.Select(e => e.GetProperty("id").GetString()!));
        Behind(sign, "position").ShouldBe(events.Select(e => $"{e.GetProperty("position").GetInt64()}"));
        sign.GetProperty("since").GetDateTimeOffset().ShouldBe(events[^1].GetProperty("occurredAt").GetDateTimeOffset());
        (await Signs(deal)).ShouldBe(["late"]);
        (await Signs(other)).ShouldBeEmpty();

        var before = sign.GetProperty("since").GetDateTimeOffset();
        (await AtRisk($"?asOf={before.Text()}", await Position())).ShouldBeEmpty("the day before there was no sign");
        (await Signs(deal, $"?asOf={before.AddSeconds(1).Text()}")).ShouldBe(["late"]);
        (await admin.Write($"opportunities/{deal}/loss", new { reason = "price" })).Ok();
        (await AtRisk("", await Position())).ShouldBeEmpty("it is lost");
    }

    [Fact]
    public async Task Owner_and_superior_hear_once_of_each_sign_and_anew_when_it_begins_anew()
    {
        await Company();
        using var li = await Member("li");
        using var chen = await Member("chen");
        var deal = await Open();
        await crm.Move(TimeSpan.FromDays(5).Add(TimeSpan.FromMinutes(1)));
        await Patience.Until("both hear of the silence", async () => (await Heard(li), await Heard(chen)) == (1, 1));
        (await Signs(deal)).ShouldBe(["still"]);
        (await Inbox(li))[0].GetProperty("sentence").GetString()!.ShouldContain($"/api/v1/opportunities/{deal}/warnings");

        string[] delivery = ["delivery"], price = ["价格"];
        (await admin.Write($"opportunities/{deal}/touches", new { kind = "mail", direction = "inbound", topics = delivery })).Ok();
        (await Signs(deal)).ShouldBeEmpty("it went by itself");
        await crm.Move(TimeSpan.FromDays(5).Add(TimeSpan.FromMinutes(1)));
        await Patience.Until("they hear again", async () => (await Heard(li), await Heard(chen)) == (2, 2));

        await PutOff(deal, 3);
        await Patience.Until("they hear of the other sign", async () => (await Heard(li), await Heard(chen)) == (3, 3));
        (await admin.Write($"opportunities/{deal}/close-date", new { expectedClose = "2031-01-01" })).Ok();
        (await admin.Write($"opportunities/{deal}/touches", new { kind = "call", direction = "outbound", topics = price })).Ok();
        await Patience.Until("they hear of the price", async () => (await Heard(li), await Heard(chen)) == (4, 4));
        (await Signs(deal)).ShouldBe(["late", "still", "price"]);
    }

    [Fact]
    public async Task Another_decision_maker_at_the_customer_is_a_sign_of_its_deals_with_the_contacts_events()
    {
        await Company();
        using var li = await Member("li");
        var customer = (await admin.Write("customers", new { name = "Hengce" })).Ok().Id;
        var contact = (await admin.Write("contacts", new { customerId = customer, name = "Wang", buyingRole = "decision-maker" })).Ok().Id;
        var deal = await Open(customer);
        (await Signs(deal)).ShouldBeEmpty();
        (await admin.Patch($"contacts/{contact}", new { buyingRole = "user" })).Ok();

        await Patience.Until("he hears of it", async () => await Heard(li) == 1);
        var sign = (await One(deal)).GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem();
        sign.GetProperty("key").GetString().ShouldBe("decider");
        Behind(sign, "recordId").ShouldBe([$"{contact}"]);
        (await AtRisk("?warning=decider", await Position())).ShouldHaveSingleItem();
        (await AtRisk("?warning=late", await Position())).ShouldBeEmpty();
        var then = sign.GetProperty("since").GetDateTimeOffset().AddMilliseconds(1).Text();
        var next = (await admin.Write("customers", new { name = "Next" })).Ok().Id;
        (await admin.Patch($"opportunities/{deal}", new { customerId = next })).Ok();
        (await Signs(deal)).ShouldBeEmpty("nobody changed at its customer of today");
        (await Signs(deal, $"?asOf={then}")).ShouldBe(["decider"], "it was with the other then");
        (await admin.Patch($"opportunities/{deal}", new { customerId = customer })).Ok();
        await crm.Move(TimeSpan.FromDays(30.5));
        (await Signs(deal)).ShouldBe(["still"], "after thirty days it is none any more");
    }

    [Fact]
    public async Task Whoever_is_given_a_deal_that_had_nobody_hears_of_its_sign()
    {
        await Company();
        using var li = await Member("li");
        var deal = (await admin.Open(new { pipeline = "sales", expectedClose = "2030-01-01", amount = Talk.Money(1m) })).Id;
        await PutOff(deal, 3);
        (await Signs(deal)).ShouldBe(["late"]);

        (await admin.Write($"opportunities/{deal}/assignment", new { rep = "li" })).Ok();

        await Patience.Until("he hears of it", async () => await Heard(li) == 1);
    }

    [Fact]
    public async Task What_is_hidden_and_what_is_out_of_sight_is_not_told_by_a_sign()
    {
        await Company();
        string[] functions = ["opportunities.read"], hiddenFields = ["opportunity.expectedClose"];
        (await admin.Put("roles/trainee", new { functions, scope = "all", hiddenFields })).Ok();
        (await admin.Put("roles/other", new { functions, scope = "own" })).Ok();
        using var trainee = await Member("wu", "trainee");
        using var other = await Member("zhao", "other");
        var deal = await Open();
        await PutOff(deal, 3);
        var least = await Position();

        (await trainee.Read("opportunities/at-risk", (Least, least))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        var one = (await trainee.Read($"opportunities/{deal}/warnings")).Ok().Body;
        (one.GetProperty("warnings").GetArrayLength(), one.GetProperty("areSomeHidden").GetBoolean()).ShouldBe((0, true));
        (await other.Read($"opportunities/{deal}/warnings")).Status.ShouldBe(404);
        (await other.Read("opportunities/at-risk", (Least, least))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Pages_go_through_all_of_them_as_they_were_at_the_first()
    {
        await Company();
        var deals = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            deals.Add(await Open());
            await PutOff(deals[^1], 3);
        }

        var first = (await admin.Read("opportunities/at-risk?limit=2&sort=openedAt", (Least, await Position()))).Ok().Body;
        (await admin.Write($"opportunities/{deals[4]}/loss", new { reason = "price" })).Ok();
        var seen = Ids(first).ToList();
        for (var page = first; page.GetProperty("nextCursor").GetString() is { } cursor; seen.AddRange(Ids(page)))
        {
            page = (await admin.Read($"opportunities/at-risk?limit=2&sort=openedAt&cursor={cursor}")).Ok().Body;
        }

        seen.ShouldBe(deals);
        (await admin.Read($"opportunities/at-risk?limit=2&cursor={first.GetProperty("nextCursor").GetString()}")).Status.ShouldBe(400);

        static IEnumerable<Guid> Ids(JsonElement page) =>
            page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid());
    }

    private async Task Company()
    {
        admin = await crm.Tenant($"warnings-{Interlocked.Increment(ref tenants)}");
        (await admin.Put("playbook/draft", new
        {
            name = "Sales",
            pipelines = new[] { new { key = "sales", name = "Sales", stages = new[] { new { name = "Need" }, new { name = "Quote" } } } },
            reps = new object[] { new { rep = "li", superior = "chen" }, new { rep = "chen" } },
            warnings = new
            {
                rules = new object[]
                {
                    new { key = "late", name = "改期超过两次", rescheduled = new { moreThan = 2 } },
                    new { key = "decider", name = "决策人变更", decisionMakerChanged = new { days = 30 } },
                    new { key = "still", name = "客户沉默", silence = new { after = new { days = 5 }, direction = "inbound" } },
                    new { key = "price", name = "谈价格", talk = new { topics = new[] { "价格" } } }
                }
            }
        })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
    }

    private async Task<HttpClient> Member(string id, string role = "rep")
    {
        (await admin.Write("members", new { id, role })).Ok();
        return crm.With((await admin.Write("api-keys", new { name = id, member = id })).Ok()["key"]);
    }

    private async Task<Guid> Open(Guid? customer = null) => (await admin.Open(new
    {
        pipeline = "sales", rep = "li", expectedClose = "2030-01-01", amount = Talk.Money(1m), customerId = customer
    })).Id;

    private async Task PutOff(Guid deal, int times)
    {
        for (var i = 1; i <= times; i++)
        {
            (await admin.Write($"opportunities/{deal}/close-date", new { expectedClose = $"2030-02-0{i}" })).Ok();
        }
    }

    // Of something that was written just now.
    private async Task<string> Position() => (await admin.Write("customers", new { name = "Other" })).Ok().Position!;

    private async Task<IReadOnlyList<JsonElement>> AtRisk(string asked, string least) =>
        [.. (await admin.Read($"opportunities/at-risk{asked}", (Least, least))).Ok().Body.GetProperty("items").EnumerateArray()];

    private async Task<JsonElement> One(Guid deal, string asked = "") =>
        (await admin.Read($"opportunities/{deal}/warnings{asked}")).Ok().Body;

    private async Task<IEnumerable<string>> Signs(Guid deal, string asked = "") =>
        (await One(deal, asked)).GetProperty("warnings").EnumerateArray().Select(sign => sign.GetProperty("key").GetString()!).ToList();

    private static IEnumerable<string> Behind(JsonElement sign, string member) =>
        sign.GetProperty("events").EnumerateArray().Select(e => $"{e.GetProperty(member)}");

    private static async Task<int> Heard(HttpClient http) => (await Inbox(http)).Count;

    private static async Task<IReadOnlyList<JsonElement>> Inbox(HttpClient http) =>
        [.. (await http.Read("alerts")).Ok().Body.GetProperty("items").EnumerateArray()
            .Where(alert => alert.GetProperty("kind").GetString() == "opportunity-warning")];
}
