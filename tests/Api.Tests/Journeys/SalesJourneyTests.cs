using System.Text.Json;

namespace Crm.Api.Tests.Journeys;

/// <summary>What a salesperson does in a quarter, step by step.</summary>
public sealed class SalesJourneyTests(JudgedServer crm) : IClassFixture<JudgedServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task A_lead_is_captured_assigned_touched_noted_and_qualified_into_a_customer_and_an_opportunity()
    {
        var captured = await Http.Write("leads", new
        {
            source = "exhibition",
            company = "苏州精密机械有限公司",
            contact = "王芳",
            email = "wang@example.com",
            phone = "+86 512 0000 0000",
            region = "East",
            product = "GTX Pro",
            employees = 240,
            occurredAt = "2026-03-02T01:30:00Z"
        });
        Took(captured, status: 201, version: 1);
        captured.Location.ShouldBe($"/api/v1/leads/{captured.Id}");
        var lead = $"leads/{captured.Id}";

        Took(await Http.Write($"{lead}/assignment", new { rep = "An", team = "North" }), version: 2);
        Took(await Http.Write($"{lead}/touches",
            new { kind = "call", direction = "inbound", durationSeconds = 95, occurredAt = "2026-02-27T09:00:00+08:00" }), version: 3);
        Took(await Http.Write($"{lead}/notes", new { text = "客户希望四月前交货;预算约一百万。" }), version: 4);

        var qualified = await Http.Write($"{lead}/qualification", new { opportunityName = "Lathe line", amount = Talk.Money(1_054_000m, "CNY") });
        Took(qualified, version: 5);
        var (customer, opportunity) = (qualified["customerId"], qualified["opportunityId"]);

        var one = (await Http.Read(lead)).Ok();
        one.ETag.ShouldBe("\"5\"");
        Members(one, "status", "company", "contact", "phone", "rep", "team", "touches", "lastTouchAt", "customerId", "opportunityId").ShouldBe(
            ["qualified", "苏州精密机械有限公司", "王芳", "+8651200000000", "An", "North", "2", "2026-03-02T01:30:00Z", customer, opportunity]);
        Members((await Http.Read($"customers/{customer}")).Ok(), "name", "region", "employees", "leadId")
            .ShouldBe(["苏州精密机械有限公司", "East", "240", captured.Id.ToString()]);
        var deal = (await Http.Read($"opportunities/{opportunity}")).Ok();
        Members(deal, "name", "status", "stage", "rep", "team", "region", "product", "customerId", "leadId").ShouldBe(
            ["Lathe line", "open", "Prospecting", "An", "North", "East", "GTX Pro", customer, captured.Id.ToString()]);
        deal.Body.GetProperty("amount").GetRawText().ShouldBe("""{"amount":"1054000.00","currency":"CNY"}""");

        (await Types(lead)).ShouldBe(["lead_captured", "lead_assigned", "lead_touched", "lead_noted", "lead_qualified"]);
        (await Types($"customers/{customer}")).ShouldBe(["customer_registered"]);
        (await Types($"opportunities/{opportunity}")).ShouldBe(["opportunity_opened"]);
        (await Http.Read($"{lead}/events")).Text.ShouldContain("王芳");
        (await crm.TablesWith("王芳")).ShouldBeEmpty();
        (await crm.TablesWith("苏州精密机械有限公司")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_opportunity_moves_is_won_reopened_lost_and_put_right()
    {
        var opened = await Http.Open(new { name = "Spindle", rep = "Bo", expectedClose = "2026-06-30", tags = new[] { "key" } });
        var deal = $"opportunities/{opened.Id}";
        (opened.Status, opened.ETag, opened.Location).ShouldBe((201, "\"1\"", $"/api/v1/{deal}"));

        Took(await Http.Write($"{deal}/stage", new { stage = "Proposal" }, ("If-Match", "\"1\"")), version: 2);
        Took(await Http.Write($"{deal}/amount", new { amount = Talk.Money(1200.5m) }, ("If-Match", "\"2\"")), version: 3);
        Took(await Http.Write($"{deal}/close-date", new { expectedClose = "2026-05-31" }), version: 4);
        Took(await Http.Write($"{deal}/assignment", new { team = "South" }), version: 5);
        Took(await Http.Write($"{deal}/win", new { amount = Talk.Money(1150m), reference = "PO-7" }), version: 6);
        Members((await Http.Read(deal)).Ok(), "status", "stage", "reference", "expectedClose", "rep", "team")
            .ShouldBe(["won", "Proposal", "PO-7", "2026-05-31", "Bo", "South"]);

        Took(await Http.Write($"{deal}/reopening", new { reason = "They took it back", stage = "Negotiation" }), version: 7);
        Members((await Http.Read(deal)).Ok(), "status", "stage", "reference", "closedAt").ShouldBe(["open", "Negotiation", null, null]);

        var lost = await Http.Write($"{deal}/loss", new { reason = "price", competitor = "Acme", comment = "太贵" });
        Took(lost, version: 8);
        Members((await Http.Read(deal)).Ok(), "status", "lossReason", "competitor").ShouldBe(["lost", "price", "Acme"]);

        var history = await Http.History(deal);
        var loss = history[^1].GetProperty("id").GetGuid();
        Took(await Http.Write($"{deal}/corrections",
            new { eventId = loss, reason = "The form was misread", lossReason = "timing" }, ("If-Match", lost.ETag)), version: 9);
        Members((await Http.Read(deal)).Ok(), "status", "lossReason").ShouldBe(["lost", "timing"]);
        var then = history[^1].GetProperty("recordedAt").GetDateTimeOffset().AddMicroseconds(1);
        Members((await Http.Read($"{deal}?knownAt={then.Text()}")).Ok(), "status", "lossReason").ShouldBe(["lost", "price"]);
        (await Types(deal)).ShouldBe([
            "opportunity_opened", "opportunity_stage_entered", "opportunity_amount_changed", "opportunity_close_date_changed", "opportunity_assigned",
            "opportunity_won", "opportunity_reopened", "opportunity_lost", "opportunity_corrected"]);
    }

    [Fact]
    public async Task A_lead_that_was_set_aside_is_taken_up_again()
    {
        var captured = (await Http.Write("leads", new { source = "web", company = "Quiet" })).Ok();
        var lead = $"leads/{captured.Id}";

        Took(await Http.Write($"{lead}/disqualification", new { reason = "no budget" }), version: 2);
        Members((await Http.Read(lead)).Ok(), "status", "disqualifiedBecause").ShouldBe(["disqualified", "no budget"]);
        (await (await Http.Write($"{lead}/assignment", new { rep = "An" })).Refused()).Code.ShouldBe("lead.disqualified");
        Took(await Http.Write($"{lead}/revival", new { reason = "new year" }), version: 3);
        Took(await Http.Write($"{lead}/assignment", new { rep = "An" }), version: 4);
        Members((await Http.Read(lead)).Ok(), "status", "disqualifiedBecause").ShouldBe(["assigned", null]);
    }

    [Fact]
    public async Task A_customer_is_found_by_what_another_system_calls_it_and_shares_that_with_nobody()
    {
        var customer = (await Http.Write("customers", new { name = "Hooli", country = "US" })).Ok();
        var other = (await Http.Write("customers", new { name = "Pied Piper" })).Ok();
        var sap = new { system = "sap", externalId = "4711" };

        Took(await Http.Write($"customers/{customer.Id}/external-ids", sap), version: 2);
        (await Http.Read("customers/by-external/sap/4711")).Ok().Id.ShouldBe(customer.Id);
        Took(await Http.Write($"customers/{customer.Id}/external-ids", sap), version: 2);
        var refusal = await (await Http.Write($"customers/{other.Id}/external-ids", sap)).Refused();
        (refusal.Status, refusal.Code).ShouldBe((409, "claim-taken"));
        (await Http.Read("customers/by-external/sap/4712")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_lead_may_join_a_customer_that_we_know()
    {
        var customer = (await Http.Write("customers", new { name = "Known Ltd" })).Ok();
        var lead = (await Http.Write("leads", new { source = "referral" })).Ok();

        var qualified = (await Http.Write($"leads/{lead.Id}/qualification",
            new { opportunityName = "More", amount = Talk.Money(5m), customerId = customer.Id, stage = "Engaging" })).Ok();
        qualified["customerId"].ShouldBe(customer.Id.ToString());
        (await Types($"customers/{customer.Id}")).ShouldBe(["customer_registered", "customer_lead_joined"]);
    }

    [Fact]
    public async Task Lists_are_filtered_and_read_page_by_page_without_a_hole_or_a_double()
    {
        string? written = null;
        var opened = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            // Two of each day, so that a page may end between two of one time.
            var deal = await Http.Open(new { region = "Paged", product = i < 5 ? "MG" : "GTX", occurredAt = $"2026-01-{10 + (i / 2)}T00:00:00Z" });
            (written, opened) = (deal.Position, [deal.Id.ToString(), .. opened]);
        }

        (await Pages("opportunities?region=Paged&limit=2", written)).ShouldBe(opened, ignoreOrder: true);
        (await Pages("opportunities?region=Paged&product=MG&limit=3", written)).ShouldBe(opened[2..], ignoreOrder: true);
        (await Pages("opportunities?region=Paged&status=won", written)).ShouldBeEmpty();
        (await Pages("opportunities?region=Paged&asOf=2026-01-12&limit=3", written)).ShouldBe(opened[3..], ignoreOrder: true);
        (await (await Http.Read("opportunities?cursor=nonsense")).Refused()).Errors.Single().Where.ShouldBe("cursor");

        async Task<List<string>> Pages(string path, string? least)
        {
            var ids = new List<string>();
            for (string? next = ""; next is not null;)
            {
                var page = (await Http.Read(path + next, ("Crm-Min-Position", least))).Ok();
                ids.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
                next = page["nextCursor"] is { } cursor ? $"&cursor={cursor}" : null;
            }

            return ids;
        }
    }

    [Fact]
    public async Task Leads_and_customers_are_listed_newest_first()
    {
        await Http.Write("leads", new { source = "list", campaign = "spring", company = "First", occurredAt = "2026-01-01T00:00:00Z" });
        var lead = (await Http.Write("leads", new { source = "list", campaign = "spring", company = "Second", contact = "李雷" })).Ok();
        await Http.Write("customers", new { name = "First", industry = "listing", occurredAt = "2026-01-01T00:00:00Z" });
        var customer = (await Http.Write("customers", new { name = "Second", industry = "listing" })).Ok();

        Companies(await Http.Read("leads?campaign=spring", ("Crm-Min-Position", lead.Position)), "company").ShouldBe(["Second", "First"]);
        Companies(await Http.Read("customers?industry=listing", ("Crm-Min-Position", customer.Position)), "name").ShouldBe(["Second", "First"]);

        static IEnumerable<string?> Companies(Reply page, string member) =>
            page.Ok().Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(member).GetString());
    }

    [Theory]
    [InlineData("leads")]
    [InlineData("customers")]
    [InlineData("opportunities")]
    public async Task What_was_never_there_is_not_found_and_takes_nothing(string records)
    {
        var nobody = $"{records}/{Guid.CreateVersion7()}";

        (await (await Http.Read(nobody)).Refused()).Status.ShouldBe(404);
        (await (await Http.Read($"{nobody}/events")).Refused()).Status.ShouldBe(404);
        (await Http.Write($"{nobody}/nonsense", new { })).Status.ShouldBe(404);
    }

    private static void Took(Reply reply, long version, int status = 200)
    {
        (reply.Status, reply.ETag).ShouldBe((status, $"\"{version}\""), reply.Text);
        reply["version"].ShouldBe($"{version}");
        reply.Position!.ShouldEndWith($"-{reply["position"]}");
    }

    private static IEnumerable<string?> Members(Reply reply, params string[] names) => names.Select(name => reply[name]);

    private async Task<IEnumerable<string?>> Types(string path) => (await Http.History(path)).Select(e => e.GetProperty("type").GetString());
}
