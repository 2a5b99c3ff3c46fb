using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Leaks;
using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Tests.Scoring.Leaks;

public sealed class LateFieldsTests
{
    private const int Leads = 600;
    private static readonly DateTimeOffset Captured = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    // One field of each kind: early, filled after the outcome, changed after it, so for those that converted only, and now and then.
    private static readonly When Early = (chance, _) => (0, chance.Next(20));
    private static readonly When After = (chance, _) => chance.Next(3) == 0 ? null : (30 + chance.Next(9), 40);
    private static readonly When Rewritten = (chance, _) => (0, 31 + chance.Next(5));
    private static readonly When OfWon = (chance, won) => won ? (0, 30) : (0, chance.Next(20));
    private static readonly When Sometimes = (chance, _) => (0, chance.Next(5) == 0 ? 35 : 3);

    [Fact]
    public void Fields_filled_or_changed_after_the_outcome_are_left_out_and_said_so()
    {
        var table = Planted(("early", Early), ("contract", After), ("status", Rewritten), ("discount", OfWon), ("city", Sometimes));

        var card = ScoreTraining.Train(table, new()).Card;

        card.Left.Where(left => left.Reason == LeftReason.Late).Select(left => left.Field).ShouldBe(["contract", "status", "discount"]);
        card.Used.ShouldBe(["early", "city"]);
        var contract = card.Findings.Single(finding => finding.Field == "contract");
        var city = card.Findings.Single(finding => finding.Field == "city");
        (contract.Kind, contract.IsLeftOut, contract.Figure).ShouldBe((LeakKind.Late, true, 1m));
        contract.Says.ShouldStartWith($"Of {contract.Leads} leads that have it, {contract.Leads} had it filled or changed when");
        (city.Kind, city.IsLeftOut).ShouldBe((LeakKind.SometimesLate, false));
        city.Figure.ShouldBeInRange(0.15m, 0.25m);
    }

    [Fact]
    public void At_the_moment_of_the_outcome_is_too_late() =>
        LateFields.Find(Planted(("reason", (_, _) => (30, 30)))).ShouldHaveSingleItem().Says.ShouldBe(
            "Of 600 leads that have it, 600 had it filled or changed when the outcome was known (600 for the first time); " +
            "150 of the 150 that converted, 450 of the 450 that did not.");

    [Fact]
    public void A_field_that_one_clerk_corrected_later_stays() =>
        LateFields.Find(Planted(("name", (chance, _) => (0, chance.Next(50) == 0 ? 60 : 1)))).ShouldBeEmpty();

    [Fact]
    public void Without_dates_nothing_is_late() => LateFields.Find(Planted(("contract", After)) with { Dates = null }).ShouldBeEmpty();

    // The outcome is known on the thirtieth day.
    private static ExampleTable Planted(params (string Name, When When)[] fields)
    {
        var chance = new Random(11);
        bool[] won = [.. Enumerable.Range(0, Leads).Select(i => i % 4 == 0)];
        ExampleDates[] dates = [.. won.Select(outcome => new ExampleDates(Captured.AddDays(30), Filled(fields, chance, outcome)))];
        ExampleColumn[] columns = [.. fields.Select(field => new ExampleColumn(field.Name,
            [.. dates.Select(date => date.Fields.ContainsKey(field.Name) ? $"value {chance.Next(4)}" : null)]))];
        return new(columns, won, Dates: dates);
    }

    private static Dictionary<string, FieldDates> Filled((string Name, When When)[] fields, Random chance, bool won)
    {
        var filled = new Dictionary<string, FieldDates>();
        foreach (var (name, when) in fields)
        {
            if (when(chance, won) is { } days)
            {
                filled[name] = new(Captured.AddDays(days.Filled), Captured.AddDays(days.Changed));
            }
        }

        return filled;
    }

    // The days on which it was filled and last changed; null where it never was.
    private delegate (int Filled, int Changed)? When(Random chance, bool won);
}
