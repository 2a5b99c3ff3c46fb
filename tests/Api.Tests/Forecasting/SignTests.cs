using Crm.Api.Forecasting;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Contacts;
using Crm.Domain.Forecasting;
using Crm.Domain.Playbooks;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Forecasting;

/// <summary>A team works, back-dates and corrects at random; what factors are told of any moment is the same from rows and from
/// events.</summary>
public sealed class SignTests : CrmServer
{
    private const int Runs = 100;

    private static readonly DateTimeOffset NewYear = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly FactorSection[] Factors =
    [
        Of("chain", FactorFrom.DecisionChain), Of("activity", FactorFrom.Activity), Of("engagement", FactorFrom.Engagement) with { High = 5, Low = 0 },
        Of("late", FactorFrom.Reschedules), Of("known", FactorFrom.Qualification) with { Fields = ["competitor", "source", "rep", "product"] },
        Of("rival", FactorFrom.Field) with { Field = "competitor", Values = [new("Acme", 10)], OtherPercent = 60 }
    ];

    [Fact]
    public async Task Every_past_run_comes_to_one_hash_from_rows_and_from_events()
    {
        var random = new Random(42);
        var team = new RandomHistory(Http, random);
        await team.Open(25);
        var customers = await Customers(team, random);
        var known = new List<long>();
        for (var step = 0; step < 12; step++)
        {
            await team.GoOn(12);
            await Befriend(team, customers, random);
            known.Add((await Engine.Store.Head(default)).Position);
        }

        var (deals, signs) = (App.Services.GetRequiredService<DealReader>(), App.Services.GetRequiredService<SignReader>());
        var tenant = Caller.Developer.Tenant;
        var (hashes, moved) = (new HashSet<string>(), 0);
        for (var run = 0; run < Runs; run++)
        {
            var manifest = Manifest(NewYear.AddDays(random.Next(20, 130)), known[random.Next(known.Count)]);
            var open = await deals.Rows(tenant, manifest.AsOf, manifest.Position, default);
            var rows = Run(manifest, new(open) { Signs = await signs.Rows(tenant, manifest, open, default) });
            var folded = await deals.Events(tenant, manifest.AsOf, manifest.Position, default);
            var events = Run(manifest, new(folded) { Signs = await signs.Events(tenant, manifest, folded, default) });

            ForecastDifference.Between(rows, events).FirstOrDefault().ShouldBeNull();
            CanonicalForecast.HashOf(events).ShouldBe(CanonicalForecast.HashOf(rows));
            hashes.Add(CanonicalForecast.HashOf(rows));
            moved += rows.Totals.Weighed!.Factors.Count(factor => factor.Known > 0);
        }

        hashes.Count.ShouldBeGreaterThan(Runs / 2, "most moments show something else");
        moved.ShouldBeGreaterThan(Runs * 3, "most factors are told of somebody");
    }

    private static ForecastResult Run(ForecastManifest manifest, ForecastKnown known) => ForecastEngines.Of("factors/1").Run(manifest, known);

    private static ForecastManifest Manifest(DateTimeOffset asOf, long position) => new(
        "factors/1", new(), new(ForecastPeriod.Weeks, new(2019, 1, 1), new(2022, 1, 1), NewYear, NewYear.AddYears(1)), "UTC", "2026a",
        DateOnly.FromDateTime(asOf.UtcDateTime), asOf, position, Playbook: 0,
        new(Factors: Factors, StrengthPercent: 60, Chain: BuyingRoles.All), "USD", Digits: 2);

    private static FactorSection Of(string key, FactorFrom from) => new(key, key, from, [new(20), new(30, "医疗")]);

    private async Task<IReadOnlyList<Guid>> Customers(RandomHistory team, Random random)
    {
        var customers = new List<Guid>();
        foreach (var industry in (string?[])["医疗", "软件", null, "医疗"])
        {
            customers.Add((await Http.Write("customers", new { name = $"Hengce {customers.Count}", industry, occurredAt = NewYear.Text() })).Ok().Id);
        }

        foreach (var deal in team.Deals)
        {
            (await Http.Patch($"opportunities/{deal}", new { customerId = customers[random.Next(4)], occurredAt = team.Day(60, 120).Text() })).Ok();
            (await Http.Write($"opportunities/{deal}/close-date", new { expectedClose = "2020-06-01", occurredAt = team.Day(60, 120).Text() })).Ok();
        }

        return customers;
    }

    private async Task Befriend(RandomHistory team, IReadOnlyList<Guid> customers, Random random)
    {
        var customer = customers[random.Next(customers.Count)];
        (await Http.Write("contacts", new
        {
            customerId = customer, name = "李娜", buyingRole = random.Next(2) == 0 ? "buyer" : "decision-maker", occurredAt = team.Day(0, 120).Text()
        })).Ok();
        (await Http.Patch($"customers/{customer}", new { industry = random.Next(2) == 0 ? "软件" : "医疗", occurredAt = team.Day(1, 120).Text() })).Ok();
        for (var i = 0; i < 4; i++)
        {
            (await Http.Write($"opportunities/{team.Deals.ElementAt(random.Next(team.Deals.Count))}/touches", new
            {
                kind = random.Next(2) == 0 ? "mail" : "visit", direction = random.Next(2) == 0 ? "inbound" : "outbound",
                occurredAt = team.Day(0, 120).Text()
            })).Ok();
        }
    }
}
