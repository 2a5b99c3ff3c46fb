using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Events;

/// <summary>The records that have changed: each once, with its newest version, and none left out while writes go on.</summary>
public sealed class ChangesTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    [Fact]
    public async Task A_record_that_changed_often_is_there_once_as_it_is_now()
    {
        using var admin = await NewTenant();
        var lead = (await admin.Write("leads", new { source = "web" })).Ok().Id;
        var deal = await admin.Open();
        var customer = (await admin.Write("customers", new { name = "ACME" })).Ok().Id;
        var last = (await admin.Write($"leads/{lead}/assignment", new { rep = "An" })).Ok();

        var page = (await admin.Read("changes?subject=lead,customer,opportunity")).Ok().Body;

        page.Items().Select(c => (c.Text("subject"), c.Text("id"), c.Text("version"), c.Text("kind"))).ShouldBe(
            [("opportunity", deal.Id.ToString(), "1", "changed"), ("customer", customer.ToString(), "1", "changed"), ("lead", lead.ToString(), "2", "changed")]);
        (page.Items()[^1].Text("type"), page.Items()[^1].Text("position")).ShouldBe(("lead_assigned", last["position"]));
        page.Text("next").ShouldBe(last.Position);
        (await admin.Read($"changes?since={page.Text("next")}")).Ok().Body.Items().ShouldBeEmpty();
        (await admin.Read("changes?subject=leads")).Status.ShouldBe(400);
        (await admin.Read($"changes?since={page.Items()[0].Text("token")}&subject=lead")).Ok().Body.Items().Single().Text("id").ShouldBe(lead.ToString());
    }

    [Fact]
    public async Task What_is_archived_is_told()
    {
        using var admin = await NewTenant();
        var lead = (await admin.Write("leads", new { source = "web" })).Ok().Id;
        await crm.Sql($"select mt_archive_stream('{lead}', '{Newest}')");

        (await admin.Read("changes?subject=lead")).Ok().Body.Items().Single().Text("kind").ShouldBe("archived");
    }

    [Fact]
    public async Task A_copy_that_is_kept_by_changes_is_right_whatever_is_written_meanwhile()
    {
        using var admin = await NewTenant();
        var history = new RandomHistory(admin, new Random(3));
        await history.Open(12);
        var work = history.GoOn(150);
        var copy = new Dictionary<string, long>();
        var (next, pages) = ((string?)null, 0);
        for (var isOver = false; ;)
        {
            isOver = work.IsCompleted;
            var page = (await admin.Read($"changes?subject=opportunity&limit=3&wait=1{(next is null ? "" : $"&since={next}")}")).Ok().Body;
            foreach (var change in page.Items())
            {
                var (id, version) = (change.Text("id"), change.GetProperty("version").GetInt64());
                version.ShouldBeGreaterThan(copy.GetValueOrDefault(id));
                copy[id] = version;
            }

            (next, pages) = (page.Text("next"), pages + 1);
            if (isOver && page.GetProperty("caughtUp").GetBoolean())
            {
                break;
            }
        }

        await work;
        foreach (var deal in history.Deals)
        {
            var reply = (await admin.Read($"opportunities/{deal}")).Ok();
            copy[deal.ToString()].ToString().ShouldBe(reply.ETag!.Trim('"'));
        }

        pages.ShouldBeGreaterThan(20);
    }

    private static string Newest => $"changes-{_tenants}";

    private Task<HttpClient> NewTenant() => crm.Tenant($"changes-{Interlocked.Increment(ref _tenants)}");
}
