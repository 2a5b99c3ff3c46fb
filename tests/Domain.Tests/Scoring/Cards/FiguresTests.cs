using Crm.Domain.Scoring.Cards;

namespace Crm.Domain.Tests.Scoring.Cards;

public sealed class FiguresTests
{
    [Theory]
    [InlineData("1 2 3 4", "nnyy", 1.0)]
    [InlineData("1 2 3 4", "yynn", 0.0)]
    [InlineData("1 1 1 1", "nyny", 0.5)]
    [InlineData("1 2 2 3", "nyny", 0.875)]
    [InlineData("3 1 2 2", "ynny", 0.875)]
    [InlineData("1 1 2 2", "nyny", 0.5)]
    public void Roc_auc_is_how_often_a_yes_is_above_a_no_and_ties_count_half(string scores, string outcomes, double auc) =>
        RocAuc.Of([.. scores.Split(' ').Select(double.Parse)], [.. outcomes.Select(c => c == 'y')]).ShouldBe(auc);

    [Fact]
    public void Roc_auc_agrees_with_counting_all_pairs()
    {
        var chance = new Random(7);
        double[] scores = [.. Enumerable.Range(0, 300).Select(_ => (double)chance.Next(40))];
        bool[] outcomes = [.. scores.Select(score => chance.Next(60) < score)];

        var pairs =
            from yes in scores.Where((_, i) => outcomes[i])
            from no in scores.Where((_, i) => !outcomes[i])
            select yes > no ? 1 : yes == no ? 0.5 : 0;

        RocAuc.Of(scores, outcomes)!.Value.ShouldBe(pairs.Average(), 1e-12);
    }

    [Fact]
    public void With_one_outcome_there_is_no_roc_auc() => RocAuc.Of([1, 2], [true, true]).ShouldBeNull();

    [Fact]
    public void Bins_of_reliability_hold_as_many_each_and_ties_stay_together()
    {
        Sizes([.. Enumerable.Range(0, 100).Select(i => i / 100d)]).ShouldBe(Enumerable.Repeat(10, 10));
        Sizes([.. Enumerable.Range(0, 100).Select(i => i < 35 ? 0.1 : i / 100d)]).ShouldBe([35, 5, 10, 10, 10, 10, 10, 10]);
        Sizes([0.5, 0.5, 0.4]).ShouldBe([1, 2]);
        Sizes([]).ShouldBeEmpty();
    }

    [Fact]
    public void The_calibration_error_is_what_was_said_away_from_what_happened()
    {
        // Of 50 that were given 0.2, 20 happened; of 50 that were given 0.6, 30.
        double[] said = [.. Enumerable.Repeat(0.2, 50), .. Enumerable.Repeat(0.6, 50)];
        bool[] happened = [.. Enumerable.Range(0, 50).Select(i => i < 20), .. Enumerable.Range(0, 50).Select(i => i < 30)];

        var bins = Reliability.Of(said, happened);

        bins.ShouldBe([new(50, 0.2m, 0.4m), new(50, 0.6m, 0.6m)]);
        Reliability.Error(bins).ShouldBe(0.1m);
    }

    private static IEnumerable<int> Sizes(double[] said) => Reliability.Of(said, new bool[said.Length]).Select(bin => bin.Examples);
}
