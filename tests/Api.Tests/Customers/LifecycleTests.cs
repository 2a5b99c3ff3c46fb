using System.Globalization;
using System.Text.Json;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Customers;

/// <summary>Customers are moved by rules: by what happens, by days that go by, each once, and it is told why.</summary>
public sealed class LifecycleTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task A_customer_goes_from_stage_to_stage_and_each_time_whoever_has_it_gets_a_task()
    {
        using var http = await Tenant();
        var customer = await Customer(http, "ann");
        await Until(http, customer, "prospect");
        (await http.Write("orders", new { customerId = customer, number = "1", amount = Talk.Money(1m) })).Ok();
        await Until(http, customer, "new");
        await crm.Move(TimeSpan.FromDays(92));
        await Until(http, customer, "lapsed");

        var moves = await Moves(http, customer);
        moves.Select(move => $"{Text(move, "from")} {Text(move, "stage")} {move.GetProperty("because").GetRawText()}").ShouldBe(
        [
            """ prospect {"orders":"0"}""", """prospect new {"orders":"1","daysSinceOrder":"0"}""",
            """new lapsed {"daysSinceOrder":"92"}"""
        ]);
        var last = (await http.Read($"customers/{customer}")).Ok();
        (last["lifecycle"], moves[2].GetProperty("playbook").GetInt64()).ShouldBe(("lapsed", 1));
        var task = (await http.Read($"tasks/{moves[2].GetProperty("taskId").GetGuid()}")).Ok();
        (task["title"], task["kind"], task["rep"], task["state"]).ShouldBe(("Ask why", "win-back", "ann", "open"));

        // The list may be behind the record: whatever is said next is behind the move.
        var later = (await http.Write($"customers/{customer}/tags", new { add = new[] { "asked" } })).Ok();
        (await Ids(http, "customers?lifecycle=lapsed", later.Position)).ShouldBe([customer]);
        var meanwhile = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddDays(30).ToString("O"));
        (await Ids(http, $"customers?lifecycle=new&asOf={meanwhile}", later.Position)).ShouldBe([customer]);
        (await http.Read("reports/lifecycle", (Least, later.Position))).Ok().Body.GetProperty("stages").GetRawText().ShouldBe(
            """[{"stage":"lapsed","name":"Lapsed","customers":1},{"stage":"new","name":"New","customers":0},"""
            + """{"stage":"prospect","name":"Prospect","customers":0}]""");
        (await http.Read($"reports/lifecycle?asOf={meanwhile}", (Least, later.Position))).Ok().Body.GetProperty("stages")[1]
            .GetProperty("customers").GetInt32().ShouldBe(1);
        (await http.Read($"customers/{customer}/history?lang=zh-CN", (Least, later.Position))).Ok().Text
            .ShouldContain("由 new 转入 lapsed，依据流程配置第 1 版：距上次下单天数 92");
    }

    [Fact]
    public async Task A_deal_that_was_won_is_an_order_and_with_an_order_of_its_own_no_second_one()
    {
        using var http = await Tenant();
        var customer = await Customer(http, "ann");
        await Until(http, customer, "prospect");
        var deal = (await http.Open(new { customerId = customer })).Id;
        (await http.Write($"opportunities/{deal}/win", new { })).Ok();
        await Until(http, customer, "new");

        var order = (await http.Write("orders", new { customerId = customer, opportunityId = deal, number = "1", amount = Talk.Money(1m) })).Ok();
        (await http.Write($"orders/{order.Id}/flag", new { flag = "test" })).Ok();
        await Until(http, customer, "prospect");
        (await Moves(http, customer))[^1].GetProperty("because").GetRawText().ShouldBe("""{"orders":"0"}""");
    }

    [Fact]
    public async Task Whoever_looks_at_all_of_them_again_moves_nobody_twice_and_alerts_nobody_twice()
    {
        using var http = await Tenant();
        var key = http.DefaultRequestHeaders.Authorization!.Parameter!;
        (await http.Write("members", new { id = "ann", role = "rep", rep = "ann" })).Ok();
        using var ann = crm.With((await http.Write("api-keys", new { name = "k", member = "ann" })).Ok()["key"]);
        var annsKey = ann.DefaultRequestHeaders.Authorization!.Parameter!;
        var customer = await Customer(http, "ann");
        (await http.Write($"customers/{customer}/tier", new { tier = "A" })).Ok();
        await Until(http, customer, "prospect");
        await crm.Move(TimeSpan.FromDays(9));
        await Patience.Until("she hears of it", async () => (await Alerts(ann)).Count == 1);

        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        await using var other = Server.Build(engine);
        await other.StartAsync();
        await crm.Sql("update crm.customer_round set day = date '0001-01-01'");
        await crm.Sql("update public.mt_event_progression set last_seq_id = 0 where name = 'automations:customers'");
        await crm.Restart();
        using var again = crm.With(key);
        using var her = crm.With(annsKey);
        await Patience.Until("they have been looked at again", async () => await Rounds() == 0);
        (await Moves(again, customer)).Count.ShouldBe(1);
        (await Alerts(her)).Select(alert => alert.GetProperty("kind").GetString()).ShouldBe(["customer-overdue"]);

        var deal = (await again.Read("opportunities", (Least, null))).Ok().Body.GetProperty("items")[0].GetProperty("id").GetGuid();
        (await again.Write($"opportunities/{deal}/touches", new { kind = "visit", direction = "outbound" })).Ok();
        await crm.Move(TimeSpan.FromDays(20));
        await Patience.Until("she hears of it anew", async () => (await Alerts(her)).Count == 2);
        await other.StopAsync();
    }

    [Fact]
    public async Task A_rule_puts_a_customer_into_a_tier_until_a_person_says_another_and_says_why()
    {
        using var http = await Tenant();
        var customer = await Customer(http, "ann");
        (await http.Write($"customers/{customer}/tags", new { add = new[] { "strategic", "old" } })).Ok();
        await Patience.Until("a rule has put it there", async () => (await http.Read($"customers/{customer}")).Ok()["tier"] == "A");
        (await http.Read($"customers/{customer}")).Ok().Body.GetProperty("tierByRule").GetBoolean().ShouldBeTrue();

        (await http.Write($"customers/{customer}/tier", new { tier = "C", reason = "too small" })).Ok();
        var tagged = (await http.Write($"customers/{customer}/tags", new { remove = new[] { "old" } })).Ok();
        await Patience.Until("that was looked at", async () => await Followed(http, tagged.Position!));
        var now = (await http.Read($"customers/{customer}")).Ok();
        (now["tier"], now.Body.GetProperty("tags").GetRawText()).ShouldBe(("C", """["strategic"]"""));
        (await Ids(http, "customers?tag=strategic&tier=C", tagged.Position)).ShouldBe([customer]);

        (await http.Write($"customers/{customer}/tier", new { })).Ok();
        await Patience.Until("the rule decides again", async () => (await http.Read($"customers/{customer}")).Ok()["tier"] == "A");
    }

    [Fact]
    public async Task Whoever_visits_a_customer_beside_its_opportunities_has_seen_it()
    {
        using var http = await crm.Tenant($"lifecycles-{Interlocked.Increment(ref tenants)}");
        var stages = new object[]
        {
            new { key = "seen", name = "Seen", when = When("daysSinceTouch", "lt", 10_000) }, new { key = "prospect", name = "Prospect" }
        };
        (await http.Put("playbook/draft", new { name = "Seen", lifecycle = new { stages } })).Ok();
        (await http.Write("playbook/publication", new { from = (string?)null })).Ok();
        var customer = await Customer(http, "ann");
        await Until(http, customer, "prospect");

        var visit = new { clientId = Guid.NewGuid(), occurredAt = DateTimeOffset.UtcNow, customerId = customer };
        (await http.Write("visits/sync", new { deviceId = "phone-1", batch = new[] { visit } })).Ok();

        await Until(http, customer, "seen");
    }

    [Fact]
    public async Task Switched_to_dry_run_it_only_says_where_it_would_see_them()
    {
        using var http = await Tenant();
        (await http.Write("automations/look-after-customers/mode", new { mode = "dry-run" })).Ok();
        var customer = await Customer(http, "ann");

        JsonElement trials = default;
        await Patience.Until("it says so", async () =>
            (trials = (await http.Read("automations/look-after-customers/trials")).Ok().Body.GetProperty("items")).GetArrayLength() > 0);
        trials[0].GetProperty("subject").GetGuid().ShouldBe(customer);
        trials[0].GetProperty("facts")[0].GetProperty("type").GetString().ShouldBe("customer_lifecycle_entered");
        (await Moves(http, customer)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_draft_says_how_many_would_move_where()
    {
        using var http = await Tenant();
        var customer = await Customer(http, "ann");
        await Until(http, customer, "prospect");
        var document = new { name = "Other", lifecycle = new { stages = new object[] { new { key = "all", name = "All" } } } };
        var job = (await http.Write("playbook/simulations", new { days = 7, document })).Ok();

        JsonElement ended = default;
        await Patience.Until("it has ended", async () => (ended = (await http.Read($"playbook/simulations/{job.Id}")).Ok().Body)
            .GetProperty("endedAt").ValueKind == JsonValueKind.String);
        ended.GetProperty("result").GetProperty("customers").GetProperty("stages").EnumerateArray().Single().ShouldSatisfyAllConditions(
            move => move.GetProperty("from").GetString().ShouldBe("prospect"), move => move.GetProperty("to").GetString().ShouldBe("all"),
            move => move.GetProperty("customers").GetInt32().ShouldBe(1));
        (await Moves(http, customer)).Count.ShouldBe(1);
    }

    private async Task<HttpClient> Tenant()
    {
        var http = await crm.Tenant($"lifecycles-{Interlocked.Increment(ref tenants)}");
        var stages = new object[]
        {
            new
            {
                key = "lapsed", name = "Lapsed", when = When("daysSinceOrder", "gt", 90),
                strategy = new { key = "win-back", name = "Win back", task = new { title = "Ask why", dueDays = 7 } }
            },
            new { key = "new", name = "New", when = When("orders", "gte", 1) },
            new
            {
                key = "prospect", name = "Prospect",
                strategy = new { key = "nurture", name = "Nurture", task = new { title = "Say hello" } }
            }
        };
        var tiers = new object[]
        {
            new
            {
                key = "A", name = "A", visitEveryDays = 7, kinds = new[] { "visit" }, when = When("tags", "has", "strategic"),
                superiorAfterDays = 2
            },
            new { key = "C", name = "C", visitEveryDays = 700 }
        };
        var reps = new object[] { new { rep = "ann", superior = "zoe" }, new { rep = "zoe" } };
        (await http.Put("playbook/draft", new { name = "Lifecycle", reps, tiers, lifecycle = new { stages } })).Ok();
        (await http.Write("playbook/publication", new { from = (string?)null })).Ok();
        return http;
    }

    private static object When(string field, string @operator, object value) => new { field, @operator, value };

    private static async Task<Guid> Customer(HttpClient http, string rep)
    {
        var customer = (await http.Write("customers", new { name = "Hengce" })).Ok().Id;
        (await http.Write("opportunities", new { name = "Pumps", amount = Talk.Money(1m), customerId = customer, rep })).Ok();
        return customer;
    }

    private static Task Until(HttpClient http, Guid customer, string stage) => Patience.Until(
        $"it is {stage}", async () => (await http.Read($"customers/{customer}")).Ok()["lifecycle"] == stage);

    private static async Task<IReadOnlyList<JsonElement>> Moves(HttpClient http, Guid customer) =>
        [.. (await http.Read($"customers/{customer}/events")).Ok().Body.GetProperty("items").EnumerateArray()
            .Where(e => e.GetProperty("type").GetString() == "customer_lifecycle_entered").Select(e => e.GetProperty("data"))];

    private static async Task<IReadOnlyList<JsonElement>> Alerts(HttpClient http) =>
        [.. (await http.Read("alerts")).Ok().Body.GetProperty("items").EnumerateArray()];

    private static async Task<IReadOnlyList<Guid>> Ids(HttpClient http, string path, string? least) =>
        [.. (await http.Read(path, (Least, least))).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetGuid())];

    private static async Task<bool> Followed(HttpClient http, string position)
    {
        var automation = (await http.Read("automations")).Ok().Body.GetProperty("items").EnumerateArray()
            .Single(one => one.GetProperty("key").GetString() == "look-after-customers");
        return automation.GetProperty("position").GetInt64() >= long.Parse(position.Split('-')[^1], CultureInfo.InvariantCulture);
    }

    private static string? Text(JsonElement data, string member) =>
        data.TryGetProperty(member, out var value) ? value.GetString() : null;

    private async Task<long> Rounds()
    {
        await using var command = crm.Engine.Database.CreateCommand(
            "select count(*) from crm.customer_round where day = date '0001-01-01'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
