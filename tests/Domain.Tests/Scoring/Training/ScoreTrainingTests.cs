using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Models;
using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Tests.Scoring.Training;

public sealed class ScoreTrainingTests
{
    private static readonly MadeUpLeads Leads = MadeUpLeads.Laboratories(leads: 600, seed: 8);
    private static readonly TrainingPlan Plan = new() { MissingMarkers = ["请选择"] };

    // What a model says must not depend on the machine. A change of the arithmetic that changes this hash is a new engine.
    [Fact]
    public void The_same_examples_give_the_same_bytes_everywhere() =>
        ScoreTraining.Train(Leads.Table, Plan).Model.Hash.ShouldBe("7f94b398a9265925880cc8fd01630f3cebb54954a7d74108fc6636aebf784825");

    [Fact]
    public void Model_and_card_are_the_same_after_they_were_stored()
    {
        var trained = ScoreTraining.Train(Leads.Table, Plan);

        var stored = (TrainedModel)Json.Read(typeof(TrainedModel), Json.Body(trained));

        Json.Body(stored).ShouldBe(Json.Body(trained));
        stored.Model.IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void Another_seed_measures_by_other_parts()
    {
        var (one, other) = (ScoreTraining.Train(Leads.Table, Plan).Card, ScoreTraining.Train(Leads.Table, Plan with { Seed = 2 }).Card);

        other.Together.ShouldNotBe(one.Together);
        ((double)other.Together!.RocAuc!).ShouldBe((double)one.Together!.RocAuc!, 0.02);
    }

    [Fact]
    public void Spellings_of_one_value_are_one_and_markers_are_missing()
    {
        var model = ScoreTraining.Train(Leads.Table, Plan).Model;

        model.Fields.Single(field => field.Name == "来源").Texts!.Values.Select(value => value.Key).ShouldBe(["wechat", "展会", "搜索", "老客户"]);
        model.Fields.Single(field => field.Name == "行业").Texts!.Values.Select(value => value.Key).ShouldNotContain("请选择");
        Reason(model, "行业", "请选择").ShouldBe(Reason(model, "行业", null));
        Reason(model, "来源", "ＷｅＣｈａｔ ").ShouldBe(Reason(model, "来源", "wechat"));
    }

    [Fact]
    public void The_average_lead_has_no_reasons_on_the_whole()
    {
        var model = ScoreTraining.Train(Leads.Table, Plan).Model;

        foreach (var column in Leads.Table.Columns)
        {
            column.Values.Average(value => Reason(model, column.Name, value).LogOdds).ShouldBe(0m, 0.00001m);
        }
    }

    [Fact]
    public void On_its_own_examples_a_model_says_on_average_what_happened()
    {
        var model = ScoreTraining.Train(Leads.Table, Plan).Model;

        var said = Enumerable.Range(0, model.TrainedOn).Average(i => Apply(model, Leads.Table, i).Probability);

        ((double)said).ShouldBe((double)model.Positives / model.TrainedOn, 0.005);
    }

    [Fact]
    public void What_was_held_back_too_much_is_put_right_by_examples_that_were_held_out()
    {
        var leads = MadeUpLeads.Laboratories(leads: 2_000, seed: 8).Table;

        var card = ScoreTraining.Train(leads, Plan with { Strengths = [200m] }).Card;

        card.Calibration!.Slope.ShouldBeGreaterThan(1.1m);
        card.Folds.ShouldAllBe(fold => fold.Calibration != null);
        card.Together!.CalibrationError.ShouldBeLessThan(0.03m);
        ScoreTraining.Train(leads, Plan).Card.Calibration.ShouldBeNull();
    }

    [Fact]
    public void Columns_that_say_nothing_leave_and_it_is_said_why()
    {
        var outcomes = Leads.Table.Outcomes;
        ExampleTable table = new(
        [
            Column(outcomes, "uuid", i => $"{i:x8}-{i * 7:x8}"),
            Column(outcomes, "serial", i => $"{579_000 + i * 9}"),
            Column(outcomes, "phone", i => $"{13_000_000_000 + i * 7_919_113L}"),
            Column(outcomes, "always", _ => "yes"),
            Column(outcomes, "never", _ => " "),
            Column(outcomes, "revenue", i => $"{(i + 1) * (i + 1) * 13}"),
            Column(outcomes, "grams", i => $"{i * 0.37m}"),
            Column(outcomes, "astronomic", i => $"{decimal.MaxValue / (1 + i % 9)}"),
            Column(outcomes, "mapped", i => $"{i % 3}"),
            Column(outcomes, "unwanted", i => $"{i % 4}"),
            Column(outcomes, "sometimes", i => i % 2 == 0 ? "yes" : null)
        ], outcomes);

        var card = ScoreTraining.Train(table, Plan with { NotKnownAtCapture = ["mapped"], LeftOut = ["unwanted"] }).Card;

        card.Left.Select(left => (left.Field, left.Reason)).ShouldBe([
            ("uuid", LeftReason.LikeAnId), ("serial", LeftReason.LikeAnId), ("phone", LeftReason.LikeAnId),
            ("always", LeftReason.SingleValue), ("never", LeftReason.SingleValue),
            ("mapped", LeftReason.NotKnownAtCapture), ("unwanted", LeftReason.LeftOutByPerson)]);
        card.Left[0].Says.ShouldBe("600 values in 600 leads: it names them rather than describes them.");
        card.Used.ShouldBe(["revenue", "grams", "astronomic", "sometimes"]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(30, 0)]
    [InlineData(30, 30)]
    [InlineData(30, 1)]
    [InlineData(40, 20)]
    public void Few_examples_of_any_sort_make_a_model(int leads, int positives)
    {
        ExampleTable table = new([new("source", [.. Enumerable.Range(0, leads).Select(i => i % 3 == 0 ? null : $"{i % 5}")])],
            [.. Enumerable.Range(0, leads).Select(i => i < positives)]);

        var trained = ScoreTraining.Train(table, new());

        trained.Model.IsIntact.ShouldBeTrue();
        trained.Model.Apply(_ => "3").Probability.ShouldBeInRange(0.001m, 0.999m);
        (trained.Card.Together is null).ShouldBe(Math.Min(positives, leads - positives) < 5);
    }

    [Fact]
    public void A_table_that_does_not_hang_together_is_refused()
    {
        Refused(new([new("a", ["x"])], [true, false])).ShouldBe("'a' has 1 values for 2 outcomes.");
        Refused(new([], [true], Points: [])).ShouldBe("Points and dates are as many as the outcomes, 1.");
        Refused(new([new("a", ["x"]), new("a", ["y"])], [true])).ShouldBe("'a' is the name of two columns.");
        Should.Throw<ArgumentException>(() => ScoreTraining.Train(Leads.Table, Plan with { Strengths = [] }));
    }

    [Fact]
    public void Progress_rises_to_its_end()
    {
        var told = new Told();

        ScoreTraining.Train(Leads.Table, Plan, told);

        told.Steps.Select(step => step.Done).ShouldBeInOrder();
        told.Steps.Count.ShouldBeGreaterThan(20);
        told.Steps[^1].Done.ShouldBe(told.Steps[^1].Of);
    }

    [Fact]
    public void A_training_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        var told = new Told(() => source.Cancel());

        Should.Throw<OperationCanceledException>(() => ScoreTraining.Train(Leads.Table, Plan, told, source.Token));

        told.Steps.ShouldHaveSingleItem();
    }

    private static string Refused(ExampleTable table) => Should.Throw<ArgumentException>(() => ScoreTraining.Train(table, new())).Message;

    private static ScoreReason Reason(ScoreModel model, string field, string? value) =>
        model.Apply(name => name == field ? value : null).Reasons.Single(reason => reason.Field == field);

    private static LeadScore Apply(ScoreModel model, ExampleTable table, int i) =>
        model.Apply(name => table.Columns.Single(column => column.Name == name).Values[i]);

    private static ExampleColumn Column(IReadOnlyList<bool> outcomes, string name, Func<int, string?> value) =>
        new(name, [.. Enumerable.Range(0, outcomes.Count).Select(value)]);

    // Unlike Progress<T>, in order and at once.
    private sealed class Told(Action? then = null) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Steps { get; } = [];

        public void Report(TrainingProgress value)
        {
            Steps.Add(value);
            then?.Invoke();
        }
    }
}
