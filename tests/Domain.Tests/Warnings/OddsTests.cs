using Crm.Domain.Warnings.Learning;

namespace Crm.Domain.Tests.Warnings;

/// <summary>Figures by which a finding is told from chance, beside figures worked out by hand.</summary>
public sealed class OddsTests
{
    [Fact]
    public void The_tea_of_a_lady_is_told_from_chance_as_it_was_first()
    {
        // R. A. Fisher, The Design of Experiments (1935): of eight cups four, all four found is 1 in 70, three or more 17 in 70.
        Odds.AtLeast(new(4, 4), new(8, 4)).ShouldBe(1 / 70d, 1e-12);
        Odds.AtLeast(new(4, 3), new(8, 4)).ShouldBe(17 / 70d, 1e-12);
        Odds.AtLeast(new(4, 0), new(8, 4)).ShouldBe(1);
    }

    [Fact]
    public void The_tail_is_the_sum_of_all_ways_to_draw()
    {
        foreach (var (deals, lost, part) in ((int, int, int)[])[(20, 7, 9), (30, 28, 11), (25, 1, 24), (12, 12, 5)])
        {
            foreach (var most in Enumerable.Range(0, Math.Min(lost, part) + 1).Where(k => part - k <= deals - lost))
            {
                var ways = Enumerable.Range(most, Math.Min(lost, part) - most + 1).Sum(k => Ways(lost, k) * Ways(deals - lost, part - k));
                Odds.AtLeast(new(part, most), new(deals, lost)).ShouldBe(ways / Ways(deals, part), 1e-10);
            }
        }
    }

    [Fact]
    public void Very_many_deals_are_no_trouble() =>
        Odds.AtLeast(new(50_000, 26_000), new(100_000, 50_000)).ShouldBeInRange(0, 1e-30);

    [Fact]
    public void An_interval_lies_about_the_share_and_within_nought_and_one()
    {
        // By the formula of 1927: (8/10 + z²/20 ± z·√(0.16/10 + z²/400)) / (1 + z²/10), z = 1.96.
        var (from, to) = Odds.Wilson(new(10, 8));
        (Math.Round(from, 4), Math.Round(to, 4)).ShouldBe((0.4902, 0.9433));
        Odds.Wilson(new(0, 0)).ShouldBe((0, 1));
        Odds.Wilson(new(5, 5)).To.ShouldBe(1, 1e-12);
    }

    [Fact]
    public void A_finding_stands_beside_all_that_were_tested()
    {
        // The example of Benjamini and Hochberg (1995), at 0.05: of fifteen the first four stand.
        double[] chances =
            [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1];
        Odds.Stand(chances, chances.Length, 0.05).Count(stands => stands).ShouldBe(4);
        Odds.Stand([0.03], 1, 0.05).ShouldBe([true]);
        Odds.Stand([0.03], 2, 0.05).ShouldBe([false], "another was tested");
        Odds.Stand([], 0, 0.05).ShouldBeEmpty();
    }

    private static double Ways(int of, int k) => k > of ? 0 : Enumerable.Range(1, k).Aggregate(1d, (ways, i) => ways * (of - k + i) / i);
}
