using System.Globalization;
using System.Text.Json;
using Crm.Api.Forecasting;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Forecasting;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Forecasting;

/// <summary>A team works, back-dates and corrects at random; whatever was forecast of any moment meanwhile is computed again, bit
/// by bit.</summary>
public sealed class ReplayTests : CrmServer
{
    // 1,000 take some minutes.
    private const int Runs = 200;

    private static readonly DateTimeOffset NewYear = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_past_run_comes_to_its_hash_from_rows_and_from_events_after_a_rebuild_and_in_another_culture()
    {
        var random = new Random(8);
        var team = new RandomHistory(Http, random);
        await team.Open(40);
        var known = new List<DateTimeOffset>();
        for (var step = 0; step < 20; step++)
        {
            await team.GoOn(15);
            known.Add(await Now());
        }

        var runs = new List<Guid>();
        for (var i = 0; i < Runs; i++)
        {
            runs.Add((await Http.Write("forecasts", Question(random, known))).Ok().Id);
        }

        var values = new HashSet<string>();
        foreach (var run in runs)
        {
            var rows = await Replay(run, fromEvents: false);
            var events = await Replay(run, fromEvents: true);
            (rows.GetProperty("equal").GetBoolean(), rows.GetProperty("differences").GetInt32()).ShouldBe((true, 0), rows.ToString());
            events.GetProperty("hashNow").GetString().ShouldBe(rows.GetProperty("hashThen").GetString(), events.ToString());
            values.Add(rows.GetProperty("hashThen").GetString()!);
        }

        values.Count.ShouldBeGreaterThan(Runs / 4, "most moments show something else");
        await team.GoOn(30);
        await new Rebuild(Engine.Database, Catalog.ForecastDeals, Engine.Store.Types).Run(Gear.FlatOut, null, default);
        await InAnotherCulture(runs);
    }

    [Fact]
    public async Task Corrected_by_what_became_known_since_it_differs_and_says_where()
    {
        var deal = (await Http.Open(new { stage = "Proposal", expectedClose = "2020-03-20", occurredAt = NewYear.Text() })).Id;
        var other = (await Http.Open(new { stage = "Proposal", expectedClose = "2020-03-20", occurredAt = NewYear.Text() })).Id;
        var run = (await Http.Write("forecasts", new { period = "quarter", asOf = NewYear.AddDays(60).Text() })).Ok().Id;
        (await Replay(run, corrected: true)).GetProperty("equal").GetBoolean().ShouldBeTrue("nothing is known since");

        (await Http.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(4000), occurredAt = NewYear.AddDays(30).Text() })).Ok();
        (await Http.Write($"opportunities/{other}/amount", new { amount = Talk.Money(9000), occurredAt = NewYear.AddDays(90).Text() }))
            .Ok();

        var then = await Replay(run);
        then.GetProperty("equal").GetBoolean().ShouldBeTrue();
        var corrected = await Replay(run, corrected: true);
        (corrected.GetProperty("equal").GetBoolean(), corrected.GetProperty("valueThen").GetString(),
            corrected.GetProperty("valueNow").GetString())
            .ShouldBe((false, "1000.00", "2500.00"));
        var first = corrected.GetProperty("firstDifference");
        (first.GetProperty("opportunityId").GetGuid(), first.GetProperty("member").GetString(), first.GetProperty("then").GetString(),
            first.GetProperty("now").GetString())
            .ShouldBe((deal, "amount", "1000", "4000"));
        corrected.GetProperty("causes").EnumerateArray().Select(cause => $"{cause.GetProperty("cause")} {cause.GetProperty("value")}")
            .ShouldBe(["late 1500.00"]);
        then.GetProperty("hashThen").GetString().ShouldBe(corrected.GetProperty("hashThen").GetString());
    }

    [Fact]
    public async Task What_was_put_into_another_state_behind_the_program_s_back_is_found_out()
    {
        await Http.Open(new { stage = "Proposal", expectedClose = "2020-03-20", occurredAt = NewYear.Text() });
        var run = (await Http.Write("forecasts", new { period = "quarter", asOf = NewYear.AddDays(60).Text() })).Ok().Id;

        await Sql($"update {ModelTables.Of(Catalog.ForecastDeals).History} set amount = amount + 1");

        (await Replay(run)).GetProperty("firstDifference").GetProperty("member").GetString().ShouldBe("parts/category/=best/amount");
        (await Replay(run, fromEvents: true)).GetProperty("equal").GetBoolean().ShouldBeTrue();
    }

    // As on a machine with other habits.
    private async Task InAnotherCulture(IReadOnlyList<Guid> runs)
    {
        var desk = App.Services.GetRequiredService<ForecastDesk>();
        var (by, culture) = (Caller.Developer, CultureInfo.CurrentCulture);
        try
        {
            var habits = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            habits.NumberFormat.NumberDecimalSeparator = ",";
            habits.DateTimeFormat.DateSeparator = ".";
            CultureInfo.CurrentCulture = habits;
            foreach (var run in runs)
            {
                var known = await desk.Find(by, run, default);
                CanonicalForecast.HashOf(await desk.Again(by.Tenant, known.Manifest, fromEvents: false, default)).ShouldBe(known.Hash);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static object Question(Random random, IReadOnlyList<DateTimeOffset> known)
    {
        var question = new Dictionary<string, object>
        {
            ["period"] = One("weeks", "month", "quarter"),
            ["day"] = $"2020-0{random.Next(1, 10)}-15",
            ["weeks"] = random.Next(1, 53),
            ["currency"] = One("USD", "USD", "EUR", "JPY"),
            ["asOf"] = NewYear.AddDays(random.Next(20, 130)).Text(),
            ["knownAt"] = One([.. known]).Text()
        };
        if (random.Next(3) == 0)
        {
            question[One("rep", "team")] = One("An", "North");
        }

        return question;

        T One<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
    }

    private async Task<DateTimeOffset> Now() => (await Engine.Store.Head(default)).Stamp;

    private async Task<JsonElement> Replay(Guid run, bool corrected = false, bool fromEvents = false) =>
        (await Http.Write($"forecasts/{run}/replay", new { corrected, fromEvents })).Ok().Body;
}
