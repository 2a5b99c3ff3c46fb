using Crm.Domain.Scoring.Leaks;
using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Tests.Scoring.Leaks;

public sealed class SuspectFieldsTests
{
    private const int Leads = 5_000;

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void What_says_nothing_is_not_named(int percent) =>
        Find(percent, (chance, _) => chance.Next(3) == 0 ? null : $"{chance.Next(60)}").ShouldBeEmpty();

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void A_field_that_tells_the_outcome_alone_is_named(int percent)
    {
        var found = Find(percent, (chance, won) => won && chance.Next(5) > 0 ? "order placed" : $"call {chance.Next(9)}");

        found[0].Kind.ShouldBe(LeakKind.SaysMuchAlone);
        found[0].Figure.ShouldBeInRange(0.85m, 0.95m);
        found.Skip(1).ShouldAllBe(finding => finding.Kind == LeakKind.PinnedByValue);
        found.ShouldAllBe(finding => !finding.IsLeftOut);
    }

    [Fact]
    public void A_value_of_hundreds_of_leads_with_one_outcome_is_named_with_its_figures()
    {
        var found = Find(40, (chance, won) => !won && chance.Next(8) == 0 ? "Worst " : $"grade {chance.Next(4)}").ShouldHaveSingleItem();

        (found.Kind, found.Figure).ShouldBe((LeakKind.PinnedByValue, 0m));
        found.Leads.ShouldBeInRange(300, 450);
        found.Says.ShouldStartWith($"Of {found.Leads} leads with 'worst' 0.0 % convert, of the others ");
    }

    [Fact]
    public void A_field_that_is_filled_for_one_outcome_is_named()
    {
        var found = Find(3, (chance, won) => won && chance.Next(3) == 0 ? $"{Guid.NewGuid()}" : null).ShouldHaveSingleItem();

        (found.Kind, found.Figure).ShouldBe((LeakKind.PinnedByPresence, 1m));
    }

    [Fact]
    public void A_range_of_numbers_with_one_outcome_is_named() =>
        Find(40, (chance, won) => won && chance.Next(5) == 0 ? $"{900 + chance.Next(100)}" : $"{chance.Next(900)}")
            .ShouldContain(finding => finding.Kind == LeakKind.PinnedByValue && finding.Says.Contains("and more"));

    [Fact]
    public void A_value_of_a_few_leads_is_chance() =>
        Find(40, (chance, won) => won && chance.Next(80) == 0 ? "fair" : "web").ShouldBeEmpty();

    private static IReadOnlyList<LeakFinding> Find(int percent, Func<Random, bool, string?> value)
    {
        var chance = new Random(5);
        bool[] outcomes = [.. Enumerable.Range(0, Leads).Select(_ => chance.Next(100) < percent)];
        ExampleTable table = new([new("field", [.. outcomes.Select(won => value(chance, won))])], outcomes);
        return ScoreTraining.Train(table, new() { Folds = 2, InnerFolds = 2, Strengths = [1m] }).Card.Findings;
    }
}
