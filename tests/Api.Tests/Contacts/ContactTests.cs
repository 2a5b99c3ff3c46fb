using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Contacts;

/// <summary>The people at a customer: registered, changed, asked for by what they do in its decisions, and sealed.</summary>
public sealed class ContactTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task A_contact_is_registered_and_who_decides_is_known_as_of_any_day()
    {
        var customer = await Customer();
        var made = (await Http.Write("contacts", new
        {
            customerId = customer,
            name = "王伟",
            email = "Wei@Hengce.Example.CN",
            phone = "138 0013 8000",
            title = "Head of the laboratory",
            buyingRole = "technical-evaluator",
            occurredAt = "2026-03-01T00:00:00Z"
        })).Ok();
        var changed = (await Http.Patch($"contacts/{made.Id}", new { buyingRole = "decision-maker", title = (string?)null, occurredAt = "2026-04-01T00:00:00Z" })).Ok();

        (made.Status, made.Location).ShouldBe((201, $"/api/v1/contacts/{made.Id}"));
        var now = (await Http.Read($"contacts/{made.Id}")).Ok();
        (now["customerId"], now["name"], now["email"], now["phone"], now["title"], now["buyingRole"])
            .ShouldBe((customer.ToString(), "王伟", "wei@hengce.example.cn", "+8613800138000", null, "decision-maker"));
        (await Http.Read($"contacts/{made.Id}?asOf=2026-03-15")).Ok()["buyingRole"].ShouldBe("technical-evaluator");
        (await Http.Read($"contacts/{made.Id}?asOf=2026-02-01")).Status.ShouldBe(404);
        (await Http.Read($"contacts?customerId={customer}&buyingRole=decision-maker", ("Crm-Min-Position", changed.Position))).Ok().Text.ShouldContain(made.Id.ToString());
        (await Items($"contacts?customerId={customer}&buyingRole=buyer", changed.Position)).ShouldBe(0);
        (await Items($"contacts?customerId={customer}&buyingRole=technical-evaluator&asOf=2026-03-15", changed.Position)).ShouldBe(1);
        (await Http.Write("contacts/search", new { filter = new { field = "customerId", @operator = "eq", value = customer } }, ("Crm-Min-Position", changed.Position)))
            .Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await Http.Read($"contacts/export?customerId={customer}", ("Crm-Min-Position", changed.Position))).Ok().Text.ShouldContain(",王伟,wei@hengce.example.cn,");
        (await Http.History($"contacts/{made.Id}")).Select(e => e.GetProperty("type").GetString()).ShouldBe(["contact_registered", "contact_changed"]);
        var story = (await Http.Read($"contacts/{made.Id}/history?lang=zh-CN")).Ok().Text;
        story.ShouldContain("登记联系人“王伟”，职务 Head of the laboratory，决策角色 技术评估者。");
        story.ShouldContain("决策角色 技术评估者 → 决策者");
    }

    [Fact]
    public async Task What_is_known_of_the_person_lies_sealed_and_said_again_it_is_no_change()
    {
        var mail = $"{Guid.NewGuid():N}@hengce.example.cn";
        var made = (await Http.Write("contacts", new { customerId = await Customer(), name = "李娜", email = mail })).Ok();

        (await Http.Patch($"contacts/{made.Id}", new { name = "李娜", email = mail })).Ok().ETag.ShouldBe("\"1\"");
        (await Http.Patch($"contacts/{made.Id}", new { name = "李娜·王" })).Ok().ETag.ShouldBe("\"2\"");
        var told = (await Http.Read($"audit?subject=contact&subjectId={made.Id}", ("Crm-Min-Position", (await Http.Patch($"contacts/{made.Id}", new { phone = "13800138001" })).Ok().Position))).Ok();

        told.Text.ShouldContain("李娜 → 李娜·王");
        (await crm.TablesWith(mail)).ShouldBeEmpty();
        (await crm.TablesWith("李娜")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not")]
    [InlineData("li@example")]
    [InlineData("li na@example.com")]
    public async Task What_is_no_mail_address_is_refused_when_it_is_said_and_when_it_is_changed(string email)
    {
        var customerId = await Customer();
        var contact = (await Http.Write("contacts", new { customerId, name = "Li Na" })).Ok().Id;
        foreach (var reply in (Reply[])[await Http.Write("contacts", new { customerId, name = "Wang", email }),
            await Http.Patch($"contacts/{contact}", new { email })])
        {
            var refused = await reply.Refused();
            (refused.Status, refused.Errors.Single().Where).ShouldBe((400, "/email"));
        }
    }

    [Fact]
    public async Task A_contact_is_somebodys()
    {
        var refused = await Http.Write("contacts", new { customerId = Guid.CreateVersion7(), name = "Nobody's" });

        (refused.Status, (await refused.Refused()).Code).ShouldBe((422, "customer.unknown"));
        refused.Text.ShouldContain("/customerId");
        (await Http.Write("contacts", new { name = "Nobody's" })).Status.ShouldBe(400);
        (await Http.Write("contacts", new { customerId = await Customer(), name = "x", buyingRole = "boss" })).Text.ShouldContain("decision-maker");
        (await Http.Read("contacts?q=wang")).Status.ShouldBe(400);
        (await Http.Read("contacts?filter=name~wang")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_same_request_again_makes_no_second_contact()
    {
        var body = new { customerId = await Customer(), name = "Once" };

        var first = (await Http.Write("contacts", body, ("Idempotency-Key", "contact-once"))).Ok();
        var again = (await Http.Write("contacts", body, ("Idempotency-Key", "contact-once"))).Ok();
        var tried = (await Http.Write("contacts?dryRun=true", body)).Ok();

        again.Whole.ShouldBe(first.Whole);
        tried.Body.GetProperty("wouldRecord")[0].GetProperty("data").GetProperty("name").GetString().ShouldBe("Once");
    }

    [Fact]
    public async Task Analysts_see_contacts_without_persons_and_another_tenant_sees_none()
    {
        using var admin = await crm.Tenant($"contacts-{Interlocked.Increment(ref _tenants)}");
        var customer = (await admin.Write("customers", new { name = "Hengce" })).Ok().Id;
        var made = (await admin.Write("contacts", new { customerId = customer, name = "赵敏", email = "zhao@hengce.example.cn", buyingRole = "buyer" })).Ok();
        (await admin.Write("members", new { id = "m-1", role = "analyst" })).Ok();
        using var analyst = crm.With((await admin.Write("api-keys", new { name = "a", member = "m-1" })).Ok()["key"]);

        foreach (var path in (string[])[$"contacts/{made.Id}", $"contacts/{made.Id}/events", $"contacts/{made.Id}/history", "contacts", "audit", "events"])
        {
            var told = (await analyst.Read(path, ("Crm-Min-Position", path is "contacts" or "audit" ? made.Position : null))).Ok();
            told.Text.ShouldContain("buyer", customMessage: path);
            told.Text.ShouldNotContain("赵敏", customMessage: path);
            told.Text.ShouldNotContain("zhao@", customMessage: path);
        }

        (await Http.Read($"contacts/{made.Id}")).Status.ShouldBe(404);
    }

    private async Task<Guid> Customer() => (await Http.Write("customers", new { name = "Hengce" })).Ok().Id;

    private async Task<int> Items(string path, string? position) =>
        (await Http.Read(path, ("Crm-Min-Position", position))).Ok().Body.GetProperty("items").GetArrayLength();
}
