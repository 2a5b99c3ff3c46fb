using System.Globalization;
using Crm.Domain.Forecasting;
using Crm.Domain.Forecasting.Factors;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Forecasting.Factors;

public sealed class FactorWeightedTests
{
    private static readonly ForecastDeal Deal = Funnel.Open(2000, "D");

    [Fact]
    public void The_worked_example_comes_to_692308()
    {
        // Two calls of two, one mail of four: a sign of 1 and of −1/2; x = 1/2 × (60 × 1 − 40 × 1/2) / 100 = 0.2.
        // 0.6 × 1.2 / (1 + 0.2 × 0.2) = 0.692308; each part of x is worth 2 × 0.6 × 0.4 / 1.04 of a million.
        var result = Weights.Run(Weights.Manifest(Weights.Calls, Weights.Mails), [Deal], Weights.Signs(2000, ("calls", 2), ("mails", 1)));

        var given = result.Contributions.ShouldHaveSingleItem();
        (given.Chance, given.Value, given.Category).ShouldBe((0.692308m, 692_308m, ForecastCategory.Best));
        given.Weighed!.ShouldSatisfyAllConditions(
            weighed => (weighed.Industry, weighed.BaseChance, weighed.BaseValue, weighed.Confidence).ShouldBe((null, 0.6m, 600_000m, 1m)),
            weighed => weighed.Effects.ShouldBe(
                [new("calls", 2, 1, 60, 138_461.85m), new("mails", 1, 0.25m, 40, -46_153.85m)]));
        result.Totals.Weighed!.BaseValue.ShouldBe(600_000);
        result.Totals.Weighed.Factors.ShouldBe([new("calls", 1, 138_461.85m), new("mails", 1, -46_153.85m)]);
    }

    [Fact]
    public void Where_nothing_is_known_it_says_what_stages_say()
    {
        ForecastDeal[] open = [.. Funnel.Stages.Select((stage, i) => Funnel.Open(2000 + i, stage, 333_333.33m, days: 3 * i))];
        var manifest = Weights.Manifest(Weights.Calls, Weights.Mails);
        var plain = ForecastEngines.Of("stage-weighted/1").Run(manifest, new([.. Funnel.Decided, .. open]));

        var result = Weights.Run(manifest, open);
        result.Contributions.Select(one => (one.OpportunityId, one.Chance, one.Value, one.Category))
            .ShouldBe(plain.Contributions.Select(one => (one.OpportunityId, one.Chance, one.Value, one.Category)));
        result.Totals.Total.ShouldBe(plain.Totals.Total);
        result.Contributions.ShouldAllBe(one => one.Weighed!.Effects.All(effect => effect.Effect == 0 && effect.Reading == null));

        // And where all that is known is neither good nor bad.
        Weights.Run(manifest, open, [.. open.Select((_, i) => Weights.Signs(2000 + i, ("calls", 1), ("mails", 2)))])
            .Totals.Total.ShouldBe(plain.Totals.Total);
    }

    [Fact]
    public void The_base_and_all_effects_come_to_every_value_to_the_cent_and_to_the_total()
    {
        var random = new Random(1);
        var factors = Enumerable.Range(0, 8).Select(i => Weights.Of($"f{i}", FactorFrom.Activity, random.Next(1, 40)) with
        {
            Low = 0,
            High = 100,
            NeutralPercent = random.Next(1, 100)
        }).ToArray();
        ForecastDeal[] open = [.. Enumerable.Range(0, 500).Select(i =>
            Funnel.Open(2000 + i, Funnel.Stages[i % 4], random.Next(1, 100_000_000) / 100m, days: random.Next(0, 20)))];
        var signs = open.Select((_, i) => Weights.Signs(2000 + i,
            [.. factors.Where(_ => random.Next(4) > 0).Select(factor => (factor.Key, (decimal)random.Next(-20, 120)))])).ToArray();

        foreach (var (digits, strength) in ((int, int)[])[(2, 50), (0, 90), (3, 1)])
        {
            var manifest = Weights.Manifest(factors) with { Digits = digits };
            var result = Weights.Run(manifest with { Settings = manifest.Settings with { StrengthPercent = strength } }, open, signs);

            result.Contributions.ShouldAllBe(one => one.Weighed!.BaseValue + one.Weighed.Effects.Sum(effect => effect.Effect) == one.Value);
            result.Contributions.ShouldAllBe(one => one.Chance >= 0 && one.Chance <= 1);
            var totals = result.Totals;
            (totals.Weighed!.BaseValue + totals.Weighed.Factors.Sum(factor => factor.Effect)).ShouldBe(totals.Total.Value);
            totals.Parts.Where(part => part.By == "industry").Sum(part => part.Sum.Value).ShouldBe(totals.Total.Value);
        }
    }

    [Fact]
    public void The_better_a_sign_the_greater_the_chance()
    {
        var (calls, late) = (Weights.Calls with { Low = 0, High = 20, NeutralPercent = 30 }, Weights.Of("late", FactorFrom.Reschedules, 40));
        decimal Chance(decimal count, decimal moved) => Weights.Run(
            Weights.Manifest(calls, late), [Deal], Weights.Signs(2000, ("calls", count), ("late", moved))).Contributions[0].Chance;

        for (var moved = 0; moved <= 3; moved++)
        {
            var chances = Enumerable.Range(0, 21).Select(count => Chance(count, moved)).ToList();
            chances.Zip(chances.Skip(1)).ShouldAllBe(pair => pair.First < pair.Second);
        }

        Enumerable.Range(0, 4).Select(moved => Chance(10, moved)).ShouldBeInOrder(SortDirection.Descending);
        (Chance(-5, 0), Chance(99, 0)).ShouldBe((Chance(0, 0), Chance(20, 0)), "beyond its scale it says no more");
    }

    [Fact]
    public void All_factors_together_move_the_odds_no_further_than_their_strength()
    {
        // Odds of 0.6 are 3 to 2; at 50 percent they become 9 to 2 at best, and 1 to 2 at worst.
        decimal Chance(decimal reading) => Weights.Run(
            Weights.Manifest(Weights.Calls, Weights.Mails), [Deal], Weights.Signs(2000, ("calls", reading), ("mails", reading)))
            .Contributions[0].Chance;

        Chance(100).ShouldBe(0.818182m);
        Chance(0).ShouldBe(0.333333m);
    }

    [Fact]
    public void A_factor_counts_as_much_as_it_does_in_the_customer_s_industry()
    {
        var certified = Weights.Of("certified", FactorFrom.Field, 0) with { Weights = [new(30, "医疗")] };
        IEnumerable<(string, int)> Weighing(string? industry) => Weights.Run(
            Weights.Manifest(Weights.Calls with { Weights = [new(60), new(70, "医疗")] }, certified), [Deal],
            Weights.Signs(2000, industry, ("certified", 1))).Contributions[0].Weighed!.Effects.Select(one => (one.Key, one.Weight));

        Weighing("医疗").ShouldBe([("calls", 70), ("certified", 30)]);
        Weighing("软件").ShouldBe([("calls", 60)]);
        Weighing(null).ShouldBe([("calls", 60)]);
    }

    [Fact]
    public void An_age_in_a_stage_is_neutral_where_those_that_were_won_had_left_it()
    {
        FactorEffect Effect(double days, ForecastManifest? manifest = null) => Weights.Run(
            manifest ?? Weights.Manifest(Weights.Of("age", FactorFrom.StageAge, 10)), [Deal with { StageSince = Funnel.Monday.AddDays(-days) }])
            .Contributions[0].Weighed!.Effects[0];

        (Effect(0).Share, Effect(5).Share, Effect(10).Share, Effect(10).Effect).ShouldBe((1m, 0.75m, 0.5m, 0m));
        Effect(10, Weights.Manifest(Weights.Of("age", FactorFrom.StageAge, 10) with { Low = 20, High = 10 })).Share.ShouldBe(1);
        ForecastEngines.Of("factors/1").Run(Weights.Manifest(Weights.Of("age", FactorFrom.StageAge, 10)), new([Deal]))
            .Contributions[0].Weighed!.Effects[0].Reading.ShouldBeNull("too few were won to tell");
    }

    [Fact]
    public void Parts_are_told_by_industry_too()
    {
        var result = Weights.Run(
            Weights.Manifest(Weights.Calls), [Deal, Funnel.Open(2001, "D"), Funnel.Open(2002, "D")],
            Weights.Signs(2000, "医疗"), Weights.Signs(2001, "医疗"));

        result.Totals.Parts.Where(part => part.By == "industry").Select(part => (part.Name, part.Sum.Count))
            .ShouldBe([(null, 1), ("医疗", 2)]);
        result.Totals.Parts.Select(part => part.By).Distinct()
            .ShouldBe(["category", "industry", "pipeline", "product", "region", "rep", "stage", "team"]);
    }

    [Fact]
    public void The_bytes_are_the_same_in_every_order_and_culture_and_tell_of_each_factor()
    {
        var manifest = Weights.Manifest(Weights.Calls, Weights.Mails);
        ForecastDeal[] open = [Deal, Funnel.Open(2001, "B", 77.77m)];
        DealSigns[] signs = [Weights.Signs(2000, "医疗", ("calls", 2)), Weights.Signs(2001, ("mails", 4))];
        var (text, hash) = (Text(Weights.Run(manifest, open, signs)), CanonicalForecast.HashOf(Weights.Run(manifest, open, signs)));
        text.ShouldContain("""
            "factors/=calls/effect":"135849","factors/=calls/reading":"2","factors/=calls/share":"1","factors/=calls/source":null,"factors/=calls/stale":"false","factors/=calls/weight":"60"
            """);
        text.ShouldContain("\"factors/=mails/reading\":null");

        var culture = CultureInfo.CurrentCulture;
        try
        {
            var habits = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            habits.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = habits;
            CanonicalForecast.HashOf(Weights.Run(manifest, open.Reverse(), [.. signs.Reverse()])).ShouldBe(hash);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        static string Text(ForecastResult result) => System.Text.Encoding.UTF8.GetString(CanonicalForecast.Bytes(result));
    }
}
