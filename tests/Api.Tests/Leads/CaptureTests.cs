using Crm.Api.Imports;
using Crm.Api.Tests.Imports;
using Crm.Api.Tests.Journeys;
using NodaTime;

namespace Crm.Api.Tests.Leads;

/// <summary>One lead for one person, however often and by whichever way it comes.</summary>
public sealed class CaptureTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int number;

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task A_lead_is_kept_in_normal_form()
    {
        var phone = Phone();
        var lead = await Capture(new { source = "ｗｅｂ", company = "　博恩（苏州）有限公司 ", contact = "王　芳", phone = phone[3..], email = $"W{phone[5..]}@Example.COM", region = "江苏省", employees = 200 });

        var read = (await Http.Read($"leads/{lead.Id}")).Ok();
        string?[] members = [read["source"], read["company"], read["contact"], read["phone"], read["email"], read["region"], read["sizeBand"]];
        members.ShouldBe(["web", "博恩(苏州)有限公司", "王 芳", phone, $"w{phone[5..]}@example.com", "江苏", "large"]);
    }

    [Fact]
    public async Task A_duplicate_is_attached_to_the_first_and_its_touch_counted()
    {
        var phone = Phone();
        var first = await Capture(new { source = "web", company = "Acme", phone });
        var again = await Capture(new { source = "fair", contact = "Ann", email = $"{phone[1..]}@example.com", phone });

        first.Status.ShouldBe(201);
        (again.Status, again.Id, again.Location).ShouldBe((200, first.Id, null));
        again["captureId"].ShouldNotBeNull();
        var lead = (await Http.Read($"leads/{first.Id}")).Ok();
        (lead["source"], lead["company"], lead["contact"], lead["touches"], lead["captures"]).ShouldBe(("web", "Acme", "Ann", "2", "2"));

        // It brought an address, by which the next is known.
        (await Capture(new { source = "mail", email = $" {phone[1..]}@EXAMPLE.com" })).Id.ShouldBe(first.Id);
        var listed = await Listed();
        listed.ShouldContain(first.Id);
        listed.ShouldNotContain(Guid.Parse(again["captureId"]!));
    }

    [Fact]
    public async Task The_same_company_is_the_same_lead_where_nothing_else_is_known_of_either()
    {
        var name = $"Nordlicht {Phone()}";
        var first = await Capture(new { source = "list", company = $"{name} GmbH" });

        (await Capture(new { source = "list", company = $"{name} Ltd." })).Id.ShouldBe(first.Id);
        (await Capture(new { source = "list", company = name, contact = "Ann" })).Status.ShouldBe(201);
        (await Capture(new { source = "list", company = name, contact = "Ann" })).Status.ShouldBe(200);
        (await Capture(new { source = "list", company = name, phone = Phone() })).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Fifty_captures_of_one_number_at_once_make_one_lead_with_fifty_touches()
    {
        var phone = Phone();
        using var files = new Folder().With("leads.csv", "id,tel\n" + string.Concat(Enumerable.Range(0, 25).Select(i => $"{i},{phone[3..]}\n")));
        var mapping = Mapping.Parse($$"""
            { "source": "half {{phone}}", "currency": "CNY", "leads": { "file": "leads.csv", "key": "id", "source": { "constant": "list" }, "phone": "tel" } }
            """);
        var importer = new Importer(crm.Engine.Store, crm.Engine.Commands, crm.Engine.Captures, crm.Engine.Sealer, DateTimeZone.Utc, TimeProvider.System);

        var import = importer.Run(files.Path, mapping, Caller.Developer, progress: null, default);
        var typed = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => Capture(new { source = "web", phone })));
        var report = await import;

        var lead = typed.Select(reply => reply.Id).Distinct().ShouldHaveSingleItem();
        (typed.Count(reply => reply.Status == 201) + report.Kinds[0].New).ShouldBe(1);
        (report.Kinds[0].New + report.Kinds[0].Attached, report.Kinds[0].SetAside.Count).ShouldBe((25, 0));
        var read = (await Http.Read($"leads/{lead}")).Ok();
        (read["touches"], read["captures"]).ShouldBe(("50", "50"));
        var list = (await Http.Read("leads?fields=id,phone&limit=200", ("Crm-Min-Position", typed.MaxBy(reply => reply.Body.GetProperty("position").GetInt64())!.Position))).Ok();
        list.Body.GetProperty("items").EnumerateArray().Count(item => item.GetProperty("phone").GetString() == phone).ShouldBe(1);

        (await importer.Run(files.Path, mapping, Caller.Developer, progress: null, default)).Events.ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_comes_back_to_a_closed_lead_is_one_new_lead()
    {
        var phone = Phone();
        var closed = await Capture(new { source = "web", phone });
        (await Http.Write($"leads/{closed.Id}/disqualification", new { reason = "no budget" })).Ok();

        var back = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Capture(new { source = "fair", phone })));

        var lead = back.Select(reply => reply.Id).Distinct().ShouldHaveSingleItem();
        lead.ShouldNotBe(closed.Id);
        back.Count(reply => reply.Status == 201).ShouldBe(1);
        (await Http.Read($"leads/{lead}")).Ok()["touches"].ShouldBe("20");
        var first = (await Http.Read($"leads/{lead}/events")).Ok().Body.GetProperty("items")[0];
        first.GetProperty("data").GetProperty("previous").GetString().ShouldBe(closed.Id.ToString());
        (await Http.Read($"leads/{closed.Id}")).Ok()["touches"].ShouldBe("1");
    }

    [Fact]
    public async Task A_repeated_request_gets_its_first_answer()
    {
        var phone = Phone();
        await Capture(new { source = "web", phone });
        var body = new { source = "fair", phone };
        var first = await Http.Write("leads", body, ("Idempotency-Key", $"key-{phone}"));

        var again = await Http.Write("leads", body, ("Idempotency-Key", $"key-{phone}"));

        again.Whole.ShouldBe(first.Whole);
        (await Http.Read($"leads/{first.Id}")).Ok()["touches"].ShouldBe("2");
    }

    [Fact]
    public async Task A_dry_run_tells_whose_duplicate_it_would_be_and_keeps_nothing()
    {
        var phone = Phone();
        var first = await Capture(new { source = "web", phone });

        var dry = (await Http.Write("leads?dryRun=true", new { source = "fair", phone })).Ok();

        dry.Id.ShouldBe(first.Id);
        dry.Body.GetProperty("wouldRecord").EnumerateArray().Select(fact => fact.GetProperty("type").GetString())
            .ShouldBe(["lead_absorbed", "lead_captured", "lead_merged"]);
        (await Http.Read($"leads/{first.Id}")).Ok()["touches"].ShouldBe("1");
    }

    [Fact]
    public async Task A_number_goes_with_the_lead_that_it_is_given_to()
    {
        var (old, other) = (Phone(), Phone());
        var (first, second) = (await Capture(new { source = "web", phone = old }), await Capture(new { source = "web", phone = other }));

        var refused = await (await Http.Patch($"leads/{second.Id}", new { phone = old })).Refused();
        (refused.Status, refused.Code).ShouldBe((409, "lead.duplicate"));
        refused.Detail.ShouldContain(first.Id.ToString());

        (await Http.Patch($"leads/{first.Id}", new { phone = Phone() })).Ok();
        (await Http.Patch($"leads/{second.Id}", new { phone = old })).Ok();
        (await Capture(new { source = "web", phone = old })).Id.ShouldBe(second.Id);
        (await Capture(new { source = "web", phone = other })).Status.ShouldBe(201);
    }

    [Fact]
    public async Task What_a_tenant_knows_is_nobody_elses()
    {
        using var other = await crm.Tenant($"t{Guid.NewGuid():N}"[..20]);
        var phone = Phone();
        await Capture(new { source = "web", phone });

        (await other.Write("leads", new { source = "web", phone })).Status.ShouldBe(201);
    }

    [Fact]
    public async Task No_number_stands_in_clear_in_any_table()
    {
        var phone = Phone();
        await Capture(new { source = "web", phone });

        (await crm.TablesWith(phone)).ShouldBeEmpty();
        (await crm.TablesWith(phone[3..])).ShouldBeEmpty();
    }

    internal static string Phone() => $"+86139{Interlocked.Increment(ref number):00000000}";

    private async Task<Reply> Capture(object said) => (await Http.Write("leads", said)).Ok();

    private async Task<IReadOnlyList<Guid>> Listed()
    {
        var position = (await Capture(new { source = "marker", phone = Phone() })).Position;
        var page = (await Http.Read("leads?limit=200", ("Crm-Min-Position", position))).Ok();
        return [.. page.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];
    }
}
