using System.Diagnostics;
using Crm.Domain.Forecasting;

namespace Crm.Domain.Tests.Forecasting;

public sealed class ForecastSimulationTests
{
    private static readonly IReadOnlyList<ForecastContribution> Four =
        Funnel.Run([.. Funnel.Decided, .. Funnel.Stages.Select((stage, i) => Funnel.Open(2000 + i, stage))]).Contributions;

    [Fact]
    public void The_same_seed_comes_to_the_same_for_ever()
    {
        var played = ForecastSimulation.Of(Four, digits: 2, seed: 42, paths: 10_000);

        (played.Mean, played.Deviation, played.Percentiles[50]).ShouldBe((1_033_100m, 764_594.26m, 1_000_000m));
        ForecastSimulation.Of(Four, digits: 2, seed: 42, paths: 10_000).Histogram.ShouldBe(played.Histogram);
        ForecastSimulation.Of(Four, digits: 2, seed: 43, paths: 10_000).Mean.ShouldNotBe(played.Mean);
    }

    [Fact]
    public void The_numbers_are_those_of_the_reference()
    {
        // The first three that the reference implementation gives from the seed 1234567.
        var random = new SplitMix64(1234567);

        (random.Next(), random.Next(), random.Next()).ShouldBe((6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL));
    }

    [Fact]
    public void Mean_and_deviation_come_near_to_what_they_are_by_the_sum_of_independent_draws()
    {
        var variance = Four.Sum(one => one.Amount * one.Amount * one.Chance * (1 - one.Chance));
        var played = ForecastSimulation.Of(Four, digits: 2, seed: 1, paths: 10_000);

        played.Expected.ShouldBe(1_044_000);
        played.Mean.ShouldBe(1_044_000, tolerance: 4 * (decimal)Math.Sqrt((double)variance / 10_000));
        played.Deviation.ShouldBe((decimal)Math.Sqrt((double)variance), tolerance: 15_000m);
        played.Histogram.Sum(bin => bin.Paths).ShouldBe(10_000);
        played.Percentiles.Values.ShouldBe(played.Percentiles.Values.Order());
    }

    [Fact]
    public void What_is_certain_scatters_by_nothing_and_what_is_empty_comes_to_nothing()
    {
        var certain = ForecastSimulation.Of([.. Four.Select(one => one with { Chance = 1 })], digits: 2, seed: 1, paths: 100);

        (certain.Mean, certain.Deviation, certain.Percentiles[5]).ShouldBe((4_000_000, 0, 4_000_000));
        ForecastSimulation.Of([], digits: 2, seed: 1, paths: 100).Percentiles[95].ShouldBe(0);
    }

    [Fact]
    public void Ten_thousand_paths_of_ten_thousand_opportunities_are_played_while_somebody_waits()
    {
        var many = Enumerable.Range(0, 10_000).Select(i => Four[i % 4] with { Amount = 1000 + i }).ToList();
        var clock = Stopwatch.StartNew();
        var played = ForecastSimulation.Of(many, digits: 2, seed: 1, paths: 10_000);

        played.Deviation.ShouldBeGreaterThan(0);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), "2 s are wanted; machines that run tests have other things to do");
    }
}
