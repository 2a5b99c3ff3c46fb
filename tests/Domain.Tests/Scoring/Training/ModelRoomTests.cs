using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Tests.Scoring.Training;

public sealed class ModelRoomTests
{
    [Fact]
    public void A_few_values_have_room_and_the_plan_stays() =>
        ModelRoom.Fitting(Table(leads: 100, values: 20), new()).LeastCounts.ShouldBe([20, 5]);

    [Fact]
    public void Rare_values_make_way_until_a_model_fits_into_an_event()
    {
        var table = Table(leads: 40_000, values: 8_000);

        var plan = ModelRoom.Fitting(table, new());

        plan.LeastCounts.ShouldBe([20, 10]);
        var quick = plan with { Folds = 2, InnerFolds = 2, Strengths = [3m], LeastCounts = [plan.LeastCounts[^1]] };
        var model = ScoreTraining.Train(table, quick);
        Json.Body(model).Length.ShouldBeLessThan(ModelRoom.Most);
    }

    // Each value five times but the first fifth, which are there five times as often.
    private static ExampleTable Table(int leads, int values) => new(
        [new("campaign", [.. Enumerable.Range(0, leads).Select(i => $"campaign number {(i % 2 == 0 ? i % (values / 5) : i % values)}")])],
        [.. Enumerable.Range(0, leads).Select(i => i % 7 == 0)]);
}
