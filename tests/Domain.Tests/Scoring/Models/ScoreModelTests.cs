using System.Text.Json;
using Crm.Domain.Scoring.Models;

namespace Crm.Domain.Tests.Scoring.Models;

public sealed class ScoreModelTests
{
    private static readonly ScoreModel Model = Hashed(new(
        Engine: 1,
        Intercept: -1m,
        Points: null,
        [
            new("source", Missing: -0.5m, Texts: new([new("google", 0.2m), new("老客户", 1.5m)], Other: 0.1m)),
            new("visits", Missing: 0.3m, Numbers: new(Zero: -0.75m, From: [2m, 5.5m], Weights: [-0.1m, 0m, 0.6m]))
        ],
        MissingMarkers: ["select"], TrainedOn: 900, Positives: 300, Hash: ""));

    [Theory]
    [InlineData("Google", "0", "visits Zero -0.75; source Value google 0.2")]
    [InlineData(" ＧＯＯＧＬＥ ", "1.99", "source Value google 0.2; visits Range ..2 -0.1")]
    [InlineData("老客户", "2", "source Value 老客户 1.5; visits Range 2..5.5 0")]
    [InlineData("fair", "5.50", "visits Range 5.5.. 0.6; source Other 0.1")]
    [InlineData("SELECT", "n/a", "source Missing -0.5; visits Missing 0.3")]
    [InlineData(null, "-3", "source Missing -0.5; visits Range ..2 -0.1")]
    public void Reasons_say_what_each_field_adds_the_largest_first(string? source, string visits, string reasons) =>
        string.Join("; ", Apply(source, visits).Reasons.Select(Said)).ShouldBe(reasons);

    [Fact]
    public void Log_odds_are_the_intercept_and_the_reasons_and_make_the_probability()
    {
        var score = Apply("老客户", 7m);

        score.LogOdds.ShouldBe(-1m + 1.5m + 0.6m);
        score.Probability.ShouldBe(0.75026m);
        score.Score.ShouldBe(75.03m);
    }

    [Fact]
    public void Numbers_come_as_numbers_or_as_text() => Apply("google", 3).ShouldBeEquivalentTo(Apply("google", "3.0"));

    [Fact]
    public void A_model_is_the_same_after_it_was_stored()
    {
        var stored = (ScoreModel)Json.Read(typeof(ScoreModel), Json.Body(Model));

        Json.Body(stored).ShouldBe(Json.Body(Model));
        stored.IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void Its_hash_is_of_what_it_says_and_not_of_how_decimals_are_written()
    {
        (Model with { Intercept = -1.000m }).IsIntact.ShouldBeTrue();
        (Model with { Intercept = -1.000001m }).IsIntact.ShouldBeFalse();
        (Model with { Positives = 301 }).IsIntact.ShouldBeFalse();
        (Model with { Fields = [Model.Fields[0], Model.Fields[1] with { Missing = 0.31m }] }).IsIntact.ShouldBeFalse();
        (Model with { Fields = [.. Model.Fields.Reverse()] }).IsIntact.ShouldBeFalse();
    }

    [Fact]
    public void Points_count_as_far_as_the_model_leans_on_them()
    {
        var model = Model with { Points = new(Weight: 0.5m, Mean: -1m) };

        Said(model.Apply(_ => null, points: 50).Reasons[0]).ShouldBe("points Points 0.5");
        model.Apply(_ => null).LogOdds.ShouldBe(Model.Apply(_ => null).LogOdds);
        model.Apply(_ => null, points: 100).ShouldBeEquivalentTo(model.Apply(_ => null, points: 99));
        model.Apply(_ => null, points: 80).Probability.ShouldBeGreaterThan(model.Apply(_ => null, points: 20).Probability);
    }

    private static LeadScore Apply(string? source, object visits) => Model.Apply(name => name == "source" ? source : visits);

    private static string Said(ScoreReason reason) => string.Join(' ', ((string?[])
    [
        reason.Field, $"{reason.Kind}", reason.Value, reason.Kind == BinKind.Range ? $"{reason.From}..{reason.To}" : null,
        $"{reason.LogOdds:0.######}"
    ]).Where(part => part is not null));

    private static ScoreModel Hashed(ScoreModel model) => model with { Hash = ScoreModelHash.Of(model) };
}
