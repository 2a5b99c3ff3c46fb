using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Models;
using Crm.Domain.Scoring.Training;
using Xunit.Abstractions;

namespace Crm.Domain.Tests.Scoring.Training;

public sealed class LeaningOnPointsTests(ITestOutputHelper output)
{
    private static readonly MadeUpLeads Later = MadeUpLeads.Laboratories(leads: 3_000, seed: 1);
    private static readonly TrainingPlan Plan = new() { MissingMarkers = ["请选择"] };

    [Fact]
    public void With_no_example_a_model_says_what_the_points_say()
    {
        var model = ScoreTraining.Train(new([], [], Points: []), Plan).Model;

        var points = Enumerable.Range(1, 99).Select(i => (decimal)i).ToList();
        points.Select(of => model.Apply(_ => null, of).Score).ShouldBe(points);
        (model.Apply(_ => null, 0).Score, model.Apply(_ => null, 100).Score).ShouldBe((1m, 99m));
    }

    [Fact]
    public void A_few_examples_do_not_make_good_points_worse_and_many_go_beyond_them()
    {
        var points = RocAuc.Of([.. Guess(Later).Select(p => (double)p)], Later.Table.Outcomes)!.Value;
        double[] learned = [.. ((int[])[8, 20, 60, 200, 2_000]).Select(leads => Learned(leads, withPoints: true))];
        double[] alone = [.. ((int[])[8, 20, 60, 200, 2_000]).Select(leads => Learned(leads, withPoints: false))];
        output.WriteLine($"points {points:0.000}; after 8, 20, 60, 200, 2000 leads {Said(learned)}; without points {Said(alone)}");

        learned.Take(3).ShouldAllBe(auc => auc > points - 0.02);
        learned[^1].ShouldBeGreaterThan(points + 0.02);
        learned.Zip(alone).Take(3).ShouldAllBe(pair => pair.First > pair.Second + 0.05);
    }

    [Fact]
    public void A_few_examples_against_the_points_do_not_turn_them_round()
    {
        ExampleTable table = new([], [true, true, true, false, false, false], Points: [20, 30, 40, 60, 70, 80]);

        ScoreTraining.Train(table, Plan).Model.Points!.Weight.ShouldBeInRange(0.2m, 0.8m);
    }

    [Fact]
    public void Points_that_say_nothing_lose_their_weight()
    {
        var leads = MadeUpLeads.Laboratories(leads: 3_000, seed: 4);
        var chance = new Random(4);
        var points = leads.Truth.Select(_ => (decimal)chance.Next(101));

        Math.Abs(ScoreTraining.Train(leads.Table with { Points = [.. points] }, Plan).Model.Points!.Weight).ShouldBeLessThan(0.1m);
    }

    private static double Learned(int leads, bool withPoints)
    {
        var made = MadeUpLeads.Laboratories(leads, seed: 2);
        var model = ScoreTraining.Train(made.Table with { Points = withPoints ? Guess(made) : null }, Plan).Model;
        var points = Guess(Later);
        double[] scores = [.. points.Select((p, i) => (double)Apply(model, i, p).LogOdds)];
        return RocAuc.Of(scores, Later.Table.Outcomes)!.Value;
    }

    // Points as an experienced colleague would set them: downloads, the field and old customers, each with a part of its true weight.
    private static decimal[] Guess(MadeUpLeads leads) =>
        [.. leads.Truth.Select(features => 20 + 6 * (decimal)features[2] + 15 * (decimal)features[3] + 25 * (decimal)features[5])];

    private static LeadScore Apply(ScoreModel model, int i, decimal points) =>
        model.Apply(name => Later.Table.Columns.Single(column => column.Name == name).Values[i], points);

    private static string Said(double[] figures) => string.Join(", ", figures.Select(figure => $"{figure:0.000}"));
}
