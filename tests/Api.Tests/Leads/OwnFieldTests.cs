using System.Text.Encodings.Web;
using System.Text.Json;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Leads;

/// <summary>Leads know what their playbook asks of them beside what all know, and are found by it.</summary>
public sealed class OwnFieldTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    private static readonly object[] Fields =
    [
        new { record = "lead", key = "painPoints", name = "痛点", knownAtCapture = true },
        new { record = "lead", key = "visits", name = "Visits", type = "number" },
        new { record = "lead", key = "decidedOn", name = "Decided on", type = "date" },
        new { record = "lead", key = "isRenewal", name = "Renewal", type = "boolean" },
        new { record = "lead", key = "urgency", name = "Urgency", type = "choice", choices = new[] { "high", "low" } }
    ];

    [Fact]
    public async Task A_lead_says_them_in_normal_form_and_one_by_one_they_change_and_go()
    {
        using var http = await Tenant(Fields);
        var lead = (await http.Write("leads", new
        {
            source = "web",
            custom = new { painPoints = " 交期太长 ", visits = 12.50, decidedOn = "2026-02-28", isRenewal = true, urgency = "high" }
        })).Ok().Id;
        Custom((await http.Read($"leads/{lead}")).Ok().Body)
            .ShouldBe("""{"decidedOn":"2026-02-28","isRenewal":"true","painPoints":"交期太长","urgency":"high","visits":"12.5"}""");

        (await http.Patch($"leads/{lead}", new { custom = new { visits = "13", urgency = (string?)null } })).Ok();
        Custom((await http.Read($"leads/{lead}")).Ok().Body)
            .ShouldBe("""{"decidedOn":"2026-02-28","isRenewal":"true","painPoints":"交期太长","visits":"13"}""");
        var change = (await http.Read($"leads/{lead}/events")).Ok().Body.GetProperty("items")[1].GetProperty("data");
        (Custom(change), change.GetProperty("cleared")[0].GetString()).ShouldBe(("""{"visits":"13"}""", "custom.urgency"));
        var told = (await http.Read($"leads/{lead}/history?lang=en")).Ok().Text;
        told.ShouldContain("custom.visits 12.5 → 13");

        (await http.Patch($"leads/{lead}", new { custom = (object?)null })).Ok();
        Custom((await http.Read($"leads/{lead}")).Ok().Body).ShouldBe("{}");
    }

    [Fact]
    public async Task What_is_no_value_of_a_field_is_refused_with_every_place()
    {
        using var http = await Tenant(Fields);

        var refused = await (await http.Write("leads", new
        {
            source = "web",
            custom = new
            {
                painPoint = "x",
                visits = "many",
                decidedOn = "28.2.2026",
                isRenewal = "perhaps",
                urgency = "middle",
                painPoints = 7
            }
        })).Refused();

        (refused.Status, refused.Code).ShouldBe((400, "invalid"));
        refused.Errors.Select(error => $"{error.Where} {error.Code}").ShouldBe(
        [
            "/custom/painPoint unknown-member", "/custom/visits wrong-type", "/custom/decidedOn not-a-date", "/custom/isRenewal wrong-type",
            "/custom/urgency not-one-of", "/custom/painPoints wrong-type"
        ], ignoreOrder: true);
        refused.Errors.Single(error => error.Where == "/custom/urgency").Message
            .ShouldBe("custom.urgency: Urgency is one of 'high', 'low'.");
        refused.Errors.Single(error => error.Where == "/custom/painPoint").Message.ShouldContain("Did you mean 'painPoints'?");
    }

    [Fact]
    public async Task What_is_required_is_asked_of_whoever_enters_one_and_cannot_be_taken_away()
    {
        using var http = await Tenant(new { record = "lead", key = "painPoints", name = "Pains", required = true });

        (await (await http.Write("leads", new { source = "web" })).Refused()).Errors.Single().Where.ShouldBe("/custom/painPoints");
        var lead = (await http.Write("leads", new { source = "web", custom = new { painPoints = "slow" } })).Ok().Id;
        var taken = await http.Patch($"leads/{lead}", new { custom = new { painPoints = (string?)null } });
        (await taken.Refused()).Errors.Single().Where.ShouldBe("/custom/painPoints");
        (await http.Patch($"leads/{lead}", new { company = "Acme" })).Ok();
    }

    [Fact]
    public async Task A_field_that_the_playbook_drops_is_shown_still_and_takes_nothing_new()
    {
        using var http = await Tenant(Fields);
        var lead = (await http.Write("leads", new { source = "web", custom = new { visits = 3, urgency = "low" } })).Ok().Id;
        await Publish(http, Fields[0]);

        Custom((await http.Read($"leads/{lead}")).Ok().Body).ShouldBe("""{"urgency":"low","visits":"3"}""");
        var more = await http.Patch($"leads/{lead}", new { custom = new { visits = 4 } });
        (await more.Refused()).Errors.Single().Code.ShouldBe("unknown-member");
        (await http.Patch($"leads/{lead}", new { custom = new { visits = (string?)null } })).Ok();
        Custom((await http.Read($"leads/{lead}")).Ok().Body).ShouldBe("""{"urgency":"low"}""");
    }

    [Fact]
    public async Task Leads_are_found_sorted_and_exported_by_them_as_what_they_hold()
    {
        using var http = await Tenant(Fields);
        var position = "";
        foreach (var (visits, day) in ((object?, string?)[])[(9, "2026-03-01"), (10, "2026-02-28"), (100, null), (null, "2025-12-31")])
        {
            var said = new { source = "web", company = $"c{visits}", custom = new { visits, decidedOn = day } };
            position = (await http.Write("leads", said)).Ok().Position;
        }

        async Task<string> Found(string query)
        {
            var items = (await http.Read($"leads?{query}", (Least, position))).Ok().Body.GetProperty("items").EnumerateArray();
            return string.Join(
                ' ', items.Select(lead => lead.GetProperty("custom").TryGetProperty("visits", out var visits) ? visits.GetString() : "-"));
        }

        (await Found("filter=custom.visits>9&sort=custom.visits")).ShouldBe("10 100", "numbers are no texts");
        (await Found("filter=custom.visits is null")).ShouldBe("-");
        (await Found("filter=custom.decidedOn<2026-03-01&sort=-custom.decidedOn")).ShouldBe("10 -");
        (await Found("filter=custom.decidedOn in (2026-03-01,2026-02-28)&sort=custom.decidedOn")).ShouldBe("10 9");
        (await Found("sort=-custom.visits&fields=custom.visits")).ShouldBe("100 10 9 -");
        (await (await http.Read("leads?filter=custom.visit>9")).Refused()).Errors.Single().Message.ShouldContain("custom.visits");

        var first = (await http.Read("leads?sort=custom.visits&limit=2&fields=custom.visits", (Least, position))).Ok().Body;
        first.GetProperty("items")[0].EnumerateObject().Select(member => member.Name).ShouldBe(["id", "custom"]);
        var next = await http.Read($"leads?sort=custom.visits&limit=2&cursor={first.GetProperty("nextCursor").GetString()}");
        next.Ok().Body.GetProperty("items")[0].GetProperty("custom").GetProperty("visits").GetString().ShouldBe("100");

        const string Some = "filter=custom.visits>=10&sort=custom.visits&fields=company,custom.visits,custom.decidedOn";
        var file = (await http.Read($"leads/export?{Some}", (Least, position))).Text;
        file.TrimStart('\uFEFF').Split("\r\n").Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..]).Take(3)
            .ShouldBe(["company,custom.visits,custom.decidedOn", "c10,10,2026-02-28", "c100,100,"]);
    }

    [Fact]
    public async Task A_duplicate_lends_what_it_knows_until_it_is_taken_out()
    {
        using var http = await Tenant(Fields);
        var lead = (await http.Write("leads", new { source = "web", phone = "13800138000", custom = new { visits = 3 } })).Ok().Id;
        var said = new { source = "fair", phone = "13800138000", custom = new { visits = 4, urgency = "low" } };
        var again = (await http.Write("leads", said)).Ok();
        again.Id.ShouldBe(lead);

        Custom((await http.Read($"leads/{lead}")).Ok().Body).ShouldBe("""{"urgency":"low","visits":"3"}""");
        (await http.Write($"leads/{again.Body.GetProperty("captureId").GetGuid()}/unmerge", new { })).Ok();
        Custom((await http.Read($"leads/{lead}")).Ok().Body).ShouldBe("""{"visits":"3"}""");
    }

    [Fact]
    public async Task What_a_lead_knows_goes_with_it_where_others_have_fields_of_the_same_name()
    {
        using var http = await Tenant(
            [.. Fields, new { record = "opportunity", key = "visits", name = "Visits", type = "number", required = true },
                new { record = "opportunity", key = "seats", name = "Seats", type = "number", required = true },
                new { record = "customer", key = "urgency", name = "Urgency" },
                new { record = "customer", key = "visits", name = "Visits", type = "date" }]);
        var said = new { source = "web", company = "Acme", custom = new { visits = 3, urgency = "high" } };
        var lead = (await http.Write("leads", said)).Ok().Id;

        var deal = new { opportunityName = "x", amount = Talk.Money(1m) };
        (await (await http.Write($"leads/{lead}/qualification", deal)).Refused()).Errors.Single().Where.ShouldBe("/custom/seats");
        var whole = new { deal.opportunityName, deal.amount, custom = new { seats = 40 } };
        var done = (await http.Write($"leads/{lead}/qualification", whole)).Ok();

        Custom((await http.Read($"opportunities/{done["opportunityId"]}")).Ok().Body).ShouldBe("""{"seats":"40","visits":"3"}""");
        Custom((await http.Read($"customers/{done["customerId"]}")).Ok().Body)
            .ShouldBe("""{"urgency":"high"}""", "three visits are no day");
        (await http.Write($"leads/{lead}/qualification", whole)).Ok()["opportunityId"].ShouldBe(done["opportunityId"]);
    }

    [Fact]
    public async Task Opportunities_and_customers_have_fields_of_their_own_likewise()
    {
        using var http = await Tenant(
            new { record = "opportunity", key = "seats", name = "Seats", type = "number" },
            new { record = "customer", key = "branch", name = "Branch", required = true });
        (await (await http.Write("customers", new { name = "Acme" })).Refused()).Errors.Single().Where.ShouldBe("/custom/branch");
        var customer = (await http.Write("customers", new { name = "Acme", custom = new { branch = "steel" } })).Ok().Id;
        (await http.Patch($"customers/{customer}", new { custom = new { branch = "wood" } })).Ok();
        await http.Put("customers/by-external/erp/7", new { name = "Bolt", custom = new { branch = "glass" } });
        var last = (await http.Put("customers/by-external/erp/7", new { custom = new { branch = "stone" } })).Ok();
        var found = await http.Read("customers?filter=custom.branch in (wood,stone)&sort=custom.branch", (Least, last.Position));
        found.Ok().Body.GetProperty("items").EnumerateArray().Select(Custom).ShouldBe(["{\"branch\":\"stone\"}", "{\"branch\":\"wood\"}"]);

        var deal = (await http.Open(new { custom = new { seats = 9 } })).Ok().Id;
        var refused = await (await http.Patch($"opportunities/{deal}", new { custom = new { seats = "some" } })).Refused();
        refused.Errors.Single().Where.ShouldBe("/custom/seats");
        var more = (await http.Patch($"opportunities/{deal}", new { custom = new { seats = 10 } })).Ok();
        var deals = (await http.Read("opportunities?filter=custom.seats>9", (Least, more.Position))).Ok().Body.GetProperty("items");
        Custom(deals[0]).ShouldBe("{\"seats\":\"10\"}");
        (await http.Patch($"opportunities/{deal}", new { custom = (object?)null })).Ok();
        Custom((await http.Read($"opportunities/{deal}")).Ok().Body).ShouldBe("{}");
    }

    private static string Custom(JsonElement body) => JsonSerializer.Serialize(body.GetProperty("custom"), Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<HttpClient> Tenant(params object[] fields)
    {
        var http = await crm.Tenant($"own-fields-{Interlocked.Increment(ref tenants)}");
        await Publish(http, fields);
        return http;
    }

    private static async Task Publish(HttpClient http, params object[] fields)
    {
        (await http.Put("playbook/draft", new { name = "x", fields })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
    }
}
