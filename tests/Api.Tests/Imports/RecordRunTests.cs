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
        (await Http.Read($"contacts/{ann}")).Status.ShouldBe(404);
        (await Http.Read($"customers/{customer}")).Ok()["name"].ShouldBe("Bolt");
        Counts(await Job(await Contacts("contacts-undone"), "run"), "contact").ShouldBe((1, 0, 1, 1));
        (await Http.Read($"contacts/{ann}")).Ok()["name"].ShouldBe("Ann Lee");
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
