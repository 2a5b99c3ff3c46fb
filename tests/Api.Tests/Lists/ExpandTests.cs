using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Lists;

/// <summary>Other records along with those of a page.</summary>
public sealed class ExpandTests(JudgedServer crm) : IClassFixture<JudgedServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task An_opportunity_brings_its_customer_and_its_lead_along()
    {
        var (region, least) = await Deals(2);
        var page = await Http.Read($"opportunities?region={region}&expand=customer,lead&sort=name", ("Crm-Min-Position", least));
        var items = page.Ok().Body.GetProperty("items");

        items[0].GetProperty("customer").GetProperty("name").GetString().ShouldBe("Customer 0");
        items[0].GetProperty("customer").GetProperty("id").GetString().ShouldBe(items[0].GetProperty("customerId").GetString());
        items[0].GetProperty("lead").GetProperty("contact").GetString().ShouldBe("王伟");
        items[2].GetProperty("customer").ValueKind.ShouldBe(JsonValueKind.Null);
        items[2].GetProperty("lead").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Expansions_cost_one_statement_each_however_many_rows_there_are()
    {
        var (few, _) = await Deals(1);
        var (many, least) = await Deals(12);
        (await Http.Read("leads?limit=1", ("Crm-Min-Position", least))).Ok();
        // Sealed texts open with a key of their own each, read once.
        foreach (var region in (string[])[few, many]) (await Http.Read($"opportunities?region={region}&expand=lead", ("Crm-Min-Position", least))).Ok();

        var plain = await Statements($"opportunities?region={many}");
        (await Statements($"opportunities?region={many}&expand=customer")).ShouldBe(plain + 1);
        (await Statements($"opportunities?region={many}&expand=customer,lead")).ShouldBe(plain + 2);
        (await Statements($"opportunities?region={few}&expand=customer,lead")).ShouldBe(plain + 2);
    }

    [Fact]
    public async Task Nothing_comes_along_that_could_not_be_asked_for_by_itself()
    {
        var (region, least) = await Deals(1);
        (await Http.Read("leads?limit=1", ("Crm-Min-Position", least))).Ok();
        (await Http.Read("opportunities?limit=1", ("Crm-Min-Position", least))).Ok();
        var asked = new Asked(new Crm.Api.Http.Page(), new Crm.Api.Http.Times()) { Equal = [("region", "region", region)], Expand = ["customer", "lead"] };

        // The opportunity is An's, the lead it came from is Bo's.
        var item = (await new Insight(crm, new Owners(["An"], []), "customer.website").List(OpportunityAnswer.List, asked)).Single(i => i.GetProperty("leadId").ValueKind != JsonValueKind.Null);
        item.GetProperty("lead").ValueKind.ShouldBe(JsonValueKind.Null);
        item.GetProperty("customer").TryGetProperty("website", out _).ShouldBeFalse();
        (await new Insight(crm, null, "opportunity.leadId").Page(OpportunityAnswer.List, asked)).Status.ShouldBe(400);
    }

    private async Task<(string Region, string? Position)> Deals(int count)
    {
        var region = Guid.NewGuid().ToString("N");
        for (var i = 0; i < count; i++)
        {
            var lead = (await Http.Write("leads", new { source = "web", contact = "王伟" })).Ok();
            await Http.Write($"leads/{lead.Id}/assignment", new { rep = "Bo" });
            (await Http.Write($"leads/{lead.Id}/qualification",
                new { opportunityName = $"Deal {i}", amount = Talk.Money(5m), customerName = $"Customer {i}", rep = "An", region })).Ok();
        }

        return (region, (await Http.Open(new { name = "Of nobody", region, rep = "An" })).Position);
    }

    // Once in a while a request looks up what its caller may do, too.
    private async Task<int> Statements(string path) => Math.Min(await Sent(path), Math.Min(await Sent(path), await Sent(path)));

    // Those that PostgreSQL was sent on behalf of one request: they belong to its trace.
    private async Task<int> Sent(string path)
    {
        var trace = ActivityTraceId.CreateRandom();
        var sent = new ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace)
                {
                    sent.Add(activity.DisplayName);
                }
            }
        };
        ActivitySource.AddActivityListener(listener);
        (await Http.Read(path, ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01"))).Ok();
        sent.ShouldNotBeEmpty();
        return sent.Count;
    }
}
