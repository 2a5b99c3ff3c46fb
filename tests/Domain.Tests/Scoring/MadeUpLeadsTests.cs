using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Training;
using Xunit.Abstractions;

namespace Crm.Domain.Tests.Scoring;

public sealed class MadeUpLeadsTests(ITestOutputHelper output)
{
    private static readonly TrainingPlan Plan = new() { MissingMarkers = ["n/a", "请选择"] };

    [Fact]
    public void Rare_customers_are_told_apart_as_by_one_who_knows_what_decides()
    {
        var card = NearTruth(MadeUpLeads.Machines(leads: 20_000, seed: 3));

        ((double)card.Positives / card.Examples).ShouldBeInRange(0.02, 0.04);
        card.Left.Single().ShouldBe(card.Left.Single() with { Field = "Badge", Reason = LeftReason.LikeAnId });
    }

    [Fact]
    public void Common_customers_are_told_apart_as_by_one_who_knows_what_decides()
    {
        var card = NearTruth(MadeUpLeads.Laboratories(leads: 4_000, seed: 3));

        ((double)card.Positives / card.Examples).ShouldBeInRange(0.35, 0.45);
        card.Left.ShouldBeEmpty();
    }

    private ModelCard NearTruth(MadeUpLeads leads)
    {
        var card = ScoreTraining.Train(leads.Table, Plan).Card;
        var plain = PlainRegression.RocAucHeldOut(leads.Truth, [.. leads.Table.Outcomes]);
        output.WriteLine($"one who knows: {plain:0.000000}");
        output.WriteLine(card.Said());

        ((double)card.Together!.RocAuc!).ShouldBeGreaterThan(plain - 0.01);
        card.Together.CalibrationError.ShouldBeLessThan(0.03m);
        card.Findings.ShouldBeEmpty();
        return card;
    }
}
