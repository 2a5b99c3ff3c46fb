using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Orders;

/// <summary>Orders: signed, delivered and paid in parts, as of any day, and never beyond what was signed.</summary>
public sealed class OrderTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task An_order_is_signed_delivered_and_paid_to_the_cent()
    {
        var (customer, deal) = ((await Http.Write("customers", new { name = "Hengce" })).Ok().Id, await Http.Open());
        var number = $"SO-{Guid.NewGuid():N}";
        var made = (await Http.Write("orders", new { customerId = customer, opportunityId = deal.Id, number, amount = Cny(100.03m), occurredAt = "2026-03-01T00:00:00Z" })).Ok();
        (await Http.Write($"orders/{made.Id}/payments", new { amount = Cny(30m), reference = "deposit", occurredAt = "2026-02-20T00:00:00Z" })).Ok();
        (await Http.Write($"orders/{made.Id}/deliveries", new { reference = "DN-1", occurredAt = "2026-04-01T00:00:00Z" })).Ok();
        var payment = new { id = Guid.CreateVersion7(), amount = Cny(70.03m), occurredAt = "2026-05-01T00:00:00Z" };
        var last = (await Http.Write($"orders/{made.Id}/payments", payment)).Ok();

        (made.Status, made.Location).ShouldBe((201, $"/api/v1/orders/{made.Id}"));
        (await Http.Write($"orders/{made.Id}/payments", payment)).Ok().ETag.ShouldBe(last.ETag);
        Told(await Http.Read($"orders/{made.Id}?asOf=2026-03-15")).ShouldBe(("signed", "100.03", "0.00", "30.00"));
        Told(await Http.Read($"orders/{made.Id}?asOf=2026-04-15")).ShouldBe(("delivered", "100.03", "100.03", "30.00"));
        Told(await Http.Read($"orders/{made.Id}")).ShouldBe(("paid", "100.03", "100.03", "100.03"));
        (await Http.Read($"orders/{made.Id}")).Ok()["paidAt"].ShouldBe("2026-05-01T00:00:00Z");
        (await Http.Read($"orders/{made.Id}?asOf=2026-02-25")).Status.ShouldBe(404);
        foreach (var (question, count) in ((string, int)[])[
            ($"customerId={customer}&status=paid", 1), ($"customerId={customer}&status=signed", 0), ($"customerId={customer}&status=delivered&asOf=2026-04-15", 1),
            ($"opportunityId={deal.Id}&filter=paid>=100.03,currency=CNY", 1), ($"number={number}", 1), ($"q={number[..20]}", 1), ($"opportunityId={customer}", 0)])
        {
            (await Http.Read($"orders?{question}", ("Crm-Min-Position", last.Position))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(count, question);
        }

        var file = (await Http.Read($"orders/export?number={number}", ("Crm-Min-Position", last.Position))).Ok().Text.TrimStart('\uFEFF').Split("\r\n");
        file[0].ShouldBe("id,signedAt,number,customerId,opportunityId,status,amount,currency,delivered,deliveredAt,paid,paidAt,flag");
        file[1].ShouldEndWith(",paid,100.03,CNY,100.03,2026-04-01T00:00:00Z,100.03,2026-05-01T00:00:00Z,");
        var story = (await Http.Read($"orders/{made.Id}/history?lang=zh-CN")).Ok().Text;
        story.ShouldContain($"记录订单 {number} 签订，金额 100.03 CNY。");
        story.ShouldContain($"记录订单 {number} 付款 30.00 CNY，凭证 deposit。");
    }

    [Fact]
    public async Task No_more_is_delivered_or_paid_than_was_signed()
    {
        var made = await Sign(Http, 10m);
        (await Http.Write($"orders/{made.Id}/payments", new { amount = Cny(9.99m) })).Ok();
        (await Http.Write($"orders/{made.Id}/deliveries", new { })).Ok();

        foreach (var (path, body, code) in ((string, object, string)[])[
            ("payments", new { amount = Cny(0.02m) }, "order.exceeded"), ("deliveries", new { }, "order.exceeded"), ("deliveries", new { amount = Cny(0.01m) }, "order.exceeded"),
            ("payments", new { amount = Talk.Money(0.01m, "USD") }, "order.currency"), ("payments", new { amount = Cny(0m) }, "order.amount")])
        {
            var refused = await Http.Write($"orders/{made.Id}/{path}", body);
            (refused.Status, (await refused.Refused()).Code).ShouldBe((422, code));
            refused.Text.ShouldContain("\"/amount\"");
        }

        (await Http.Write($"orders/{made.Id}/payments", new { amount = Cny(0.01m) })).Ok();
        (await Http.Write($"orders/{Guid.CreateVersion7()}/payments", new { amount = Cny(1m) })).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Of_many_who_pay_at_once_only_as_much_is_taken_as_was_signed()
    {
        var made = await Sign(Http, 10m);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Http.Write($"orders/{made.Id}/payments", new { amount = Cny(3m) })));

        (replies.Count(reply => reply.Status == 200), replies.Count(reply => reply.Status == 422)).ShouldBe((3, 17));
        Told(await Http.Read($"orders/{made.Id}")).ShouldBe(("signed", "10.00", "0.00", "9.00"));
    }

    [Fact]
    public async Task An_order_names_a_customer_and_an_opportunity_that_there_are_and_has_a_number_of_its_own()
    {
        var made = await Sign(Http, 10m);
        var (customer, number) = ((await Http.Read($"orders/{made.Id}")).Ok()["customerId"], (await Http.Read($"orders/{made.Id}")).Ok()["number"]);

        var twice = await Http.Write("orders", new { customerId = customer, number, amount = Cny(1m) });
        var nobodys = await Http.Write("orders", new { customerId = Guid.CreateVersion7(), number = "x", amount = Cny(1m) });
        var dealless = await Http.Write("orders", new { customerId = customer, opportunityId = Guid.CreateVersion7(), number = "x", amount = Cny(1m) });

        (twice.Status, (await twice.Refused()).Code).ShouldBe((409, "claim-taken"));
        (nobodys.Status, (await nobodys.Refused()).Code).ShouldBe((422, "customer.unknown"));
        (dealless.Status, (await dealless.Refused()).Code).ShouldBe((422, "opportunity.unknown"));
        dealless.Text.ShouldContain("/opportunityId");
    }

    [Fact]
    public async Task A_rep_signs_and_settles_nothing_and_what_is_hidden_is_not_found_out_by_trying()
    {
        using var admin = await crm.Tenant($"orders-{Interlocked.Increment(ref _tenants)}");
        var (theirs, made) = ((await admin.Open(new { rep = "another" })).Id, await Sign(admin, 4242.42m));
        (await admin.Write($"orders/{made.Id}/payments", new { amount = Cny(3131.31m) })).Ok();
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/clerk")
        {
            Content = new StringContent(
                """{"functions":["orders.read","orders.settle","audit.read","events.read"],"scope":"all","hiddenFields":["order.amount","order.paid"]}""",
                System.Text.Encoding.UTF8, "application/json")
        };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        using var clerk = await Member(admin, "clerk");
        using var rep = await Member(admin, "rep");
        var customer = (await admin.Read($"orders/{made.Id}")).Ok()["customerId"];

        foreach (var path in (string[])["orders", $"orders/{made.Id}", $"orders/{made.Id}/events", $"orders/{made.Id}/history", "audit", "events", "orders/export"])
        {
            var told = (await clerk.Read(path)).Ok();
            told.Text.ShouldNotContain("242.42", customMessage: path);
            told.Text.ShouldNotContain("131.31", customMessage: path);
        }

        (await clerk.Write($"orders/{made.Id}/payments?dryRun=true", new { amount = Cny(1111.11m) })).Status.ShouldBe(403);
        (await clerk.Write($"orders/{made.Id}/deliveries?dryRun=true", new { amount = Cny(4242.43m) })).Status.ShouldBe(403);
        (await rep.Write("orders", new { customerId = customer, number = "rep-1", amount = Cny(1m) })).Status.ShouldBe(201);
        (await rep.Write("orders", new { customerId = customer, opportunityId = theirs, number = "rep-2", amount = Cny(1m) })).Status.ShouldBe(422);
        (await rep.Write($"orders/{made.Id}/payments", new { amount = Cny(1m) })).Status.ShouldBe(403);
        (await Http.Read($"orders/{made.Id}")).Status.ShouldBe(404);
    }

    private static async Task<Reply> Sign(HttpClient http, decimal amount) => (await http.Write("orders", new
    {
        customerId = (await http.Write("customers", new { name = "Hengce" })).Ok().Id,
        number = $"SO-{Guid.NewGuid():N}",
        amount = Cny(amount)
    })).Ok();

    private async Task<HttpClient> Member(HttpClient admin, string role)
    {
        (await admin.Write("members", new { id = $"one-{role}", role })).Ok();
        return crm.With((await admin.Write("api-keys", new { name = role, member = $"one-{role}" })).Ok()["key"]);
    }

    private static (string?, string?, string?, string?) Told(Reply order)
    {
        return (order.Ok()["status"], Of("amount"), Of("delivered"), Of("paid"));

        string? Of(string member) => order.Body.GetProperty(member).GetProperty("amount").GetString();
    }

    private static object Cny(decimal amount) => Talk.Money(amount, "CNY");
}
