using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Imports;

/// <summary>Records that name customers are taken in with them, and taken back before them.</summary>
public sealed class RecordRunTests(CrmServer crm) : ImportRunSteps(crm)
{
    [Fact]
    public async Task Contacts_are_taken_back_and_who_was_worked_on_stays_with_his_customer()
    {
        var id = await Contacts("contacts-undone");
        var tried = await Job(id, "dry-run");
        var run = await Job(id, "run");
        Counts(run, "contact").ShouldBe((2, 0, 0, 1));
        Counts(tried, "contact").ShouldBe(Counts(run, "contact"));
        var (ann, ben) = (Record(await Lines(id, "succeeded", "contact"), 1), Record(await Lines(id, "succeeded", "contact"), 2));
        (await Lines(id, "failed", "contact"))[1].ShouldStartWith("4,no-name,");
        (await Http.Patch($"contacts/{ben}", new { buyingRole = "decision-maker" })).Ok();

        var undone = await Job(id, "undo");

        var customer = Guid.Parse((await Http.Read($"contacts/{ben}")).Ok()["customerId"]!);
        undone.GetProperty("keptIds").EnumerateArray().Select(kept => kept.GetGuid()).ShouldBe([ben, customer], ignoreOrder: true);
        undone.GetProperty("keptKinds").GetRawText().ShouldBe("""{"contact":1,"customer":1}""");
        (await Http.Read($"contacts/{ann}")).Status.ShouldBe(404);
        (await Http.Read($"customers/{customer}")).Ok()["name"].ShouldBe("Bolt");
        Counts(await Job(await Contacts("contacts-undone"), "run"), "contact").ShouldBe((1, 0, 1, 1));
        (await Http.Read($"contacts/{ann}")).Ok()["name"].ShouldBe("Ann Lee");
    }

    [Fact]
    public async Task A_contact_that_a_task_is_about_stays()
    {
        var id = await Contacts("contacts-asked");
        await Job(id, "run");
        var (ann, ben) = (Record(await Lines(id, "succeeded", "contact"), 1), Record(await Lines(id, "succeeded", "contact"), 2));
        var about = new { kind = "contact", id = ann };
        (await Http.Write("tasks", new { title = "Call her", kind = "call", dueAt = "2030-01-01T00:00:00Z", about })).Ok();

        var undone = await Job(id, "undo");

        undone.GetProperty("keptIds").EnumerateArray().Select(kept => kept.GetGuid()).ShouldContain(ann);
        (await Http.Read($"contacts/{ann}")).Ok();
        (await Http.Read($"contacts/{ben}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_campaign_that_is_taken_back_gives_its_code_up_and_money_that_others_spent_keeps_it()
    {
        var id = await Campaigns("campaigns-undone");
        Counts(await Job(id, "run"), "campaign").ShouldBe((2, 0, 0, 0));
        var (fair, mail) = (Record(await Lines(id, "succeeded", "campaign"), 1), Record(await Lines(id, "succeeded", "campaign"), 2));
        (await Http.Write($"campaigns/{mail}/spend", new { amount = Talk.Money(5m, "EUR") })).Ok();

        var undone = await Job(id, "undo");

        undone.GetProperty("keptIds").EnumerateArray().Select(kept => kept.GetGuid()).ShouldBe([mail]);
        (await Http.Read($"campaigns/{fair}")).Status.ShouldBe(404);
        (await Http.Read($"campaigns/{mail}")).Ok().Body.GetProperty("spent").GetProperty("amount").GetString().ShouldBe("25.00");
        (await Http.Write("campaigns", new { code = "undone-mail", name = "Taken" })).Status.ShouldBe(409);
        (await Http.Write("campaigns", new { code = "undone-fair", name = "Free" })).Status.ShouldBe(201);
    }

    [Fact]
    public async Task An_order_that_was_paid_here_stays_with_its_customer_and_its_opportunity()
    {
        var id = await Orders("orders-undone");
        Counts(await Job(id, "run"), "order").ShouldBe((2, 0, 0, 0));
        var (gone, paid) = (Record(await Lines(id, "succeeded", "order"), 1), Record(await Lines(id, "succeeded", "order"), 2));
        (await Http.Write($"orders/{paid}/payments", new { amount = Talk.Money(5m, "EUR") })).Ok();

        var undone = await Job(id, "undo");

        var order = (await Http.Read($"orders/{paid}")).Ok();
        undone.GetProperty("keptIds").EnumerateArray().Select(kept => kept.GetGuid())
            .ShouldBe([paid, Guid.Parse(order["customerId"]!), Guid.Parse(order["opportunityId"]!)], ignoreOrder: true);
        (await Http.Read($"orders/{gone}")).Status.ShouldBe(404);
        (await Http.Read($"opportunities/{order["opportunityId"]}")).Ok()["name"].ShouldBe("D2");
        Counts(await Job(await Orders("orders-undone"), "run"), "order").ShouldBe((1, 0, 1, 0));
        (await Http.Read($"orders/{gone}")).Ok()["number"].ShouldBe("undone-1");
    }

    private async Task<Guid> Orders(string source)
    {
        var id = await Make();
        await Map(id, source, """
            "customers": { "file": "companies.csv", "key": "number", "name": "company" },
            "opportunities": { "file": "deals.csv", "key": "deal", "pipeline": "standard", "name": "deal", "opened": { "amount": "value" } },
            "orders": { "file": "orders.csv", "key": "no", "customer": "company", "opportunity": "deal", "signed": { "amount": "value" } }
            """);
        await File(id, "companies.csv", "number,company\nC1,Acme\nC2,Bolt\n");
        await File(id, "deals.csv", "deal,value\nD1,10\nD2,10\n");
        await File(id, "orders.csv", "no,company,deal,value\nundone-1,C1,D1,10\nundone-2,C2,D2,10\n");
        return id;
    }

    private async Task<Guid> Campaigns(string source)
    {
        var id = await Make();
        await Map(id, source, """
            "campaigns": { "file": "campaigns.csv", "key": "code", "name": "name", "at": "at", "spent": { "at": "at", "amount": "spent" } }
            """);
        await File(id, "campaigns.csv", "code,name,at,spent\nundone-fair,Fair,2026-02-03,10\nundone-mail,Mail,2026-02-03,20\n");
        return id;
    }

    private async Task<Guid> Contacts(string source)
    {
        var id = await Make();
        await Map(id, source, """
            "customers": { "file": "companies.csv", "key": "number", "name": "company" },
            "contacts": { "file": "people.csv", "key": "id", "customer": "company", "name": "name", "email": "mail" }
            """);
        await File(id, "companies.csv", "number,company\nC1,Acme\nC2,Bolt\n");
        await File(id, "people.csv", "id,company,name,mail\n1,C1,Ann Lee,ann@acme.example\n2,C2,Ben Ode,\n3,C1,,\n");
        return id;
    }

    private async Task Map(Guid id, string source, string kinds) =>
        (await Send(HttpMethod.Put, $"imports/{id}/mapping", $$"""{ "source": "{{source}}", "currency": "EUR", {{kinds}} }""", type: "application/json")).EnsureSuccessStatusCode();
}
