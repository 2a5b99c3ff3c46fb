using Crm.Domain.Scoring;

namespace Crm.Domain.Tests.Scoring;

public sealed class ScoringTests() : Spec<ModelsInUse, IScoringCommand, IScoringEvent>(ScoringDecider.Instance)
{
    private static readonly Guid First = new("0198c5f2-9c40-4d11-8c1b-2f6e5d4c3b2a");
    private static readonly Guid Second = new("0198c5f2-9d51-4d11-8c1b-2f6e5d4c3b2a");
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Friday = Monday.AddDays(4);

    [Fact]
    public void A_model_is_active_from_now_or_from_a_moment_on()
    {
        Given().When(new ActivateScoreModel(First, Monday, Note: "begin")).Then(new ScoreModelActivated(First, Monday, "begin"));
        Given().When(new ActivateScoreModel(First, Monday, From: Friday)).Then(new ScoreModelActivated(First, Friday));
        Given().When(new ActivateScoreModel(First, Friday, From: Monday)).ThenRejected("score.from-past", "from");
    }

    [Fact]
    public void One_model_is_active_at_a_time_and_one_is_shadow()
    {
        var used = After(
            new ScoreModelActivated(First, Monday), new ScoreModelShadowed(Second, Monday), new ScoreModelActivated(Second, Friday));

        used.At(Monday.AddTicks(-1)).ShouldBe((null, null));
        used.At(Monday).ShouldBe((First, Second));
        used.At(Friday).ShouldBe((Second, null));
        (used.StateOf(First, Monday), used.StateOf(Second, Monday), used.StateOf(First, Friday)).ShouldBe(("active", "shadow", "retired"));
    }

    [Fact]
    public void A_model_that_was_never_used_is_trained_and_one_to_come_waits()
    {
        After().StateOf(First, Monday).ShouldBe("trained");
        After(new ScoreModelActivated(First, Friday)).StateOf(First, Monday).ShouldBe("to-come");
    }

    [Fact]
    public void What_is_retired_is_not_used_and_does_not_come()
    {
        Given(new ScoreModelActivated(First, Friday))
            .When(new RetireScoreModel(First, Monday, "late field")).Then(new ScoreModelRetired(First, Monday, "late field"));
        After(new ScoreModelActivated(First, Friday), new ScoreModelRetired(First, Monday)).At(Friday).ShouldBe((null, null));
        Given(new ScoreModelActivated(First, Monday), new ScoreModelActivated(Second, Monday))
            .When(new RetireScoreModel(First, Friday)).ThenNothing();
    }

    [Fact]
    public void What_was_retired_comes_back_when_it_is_activated() =>
        Given(new ScoreModelActivated(First, Monday), new ScoreModelRetired(First, Monday))
            .When(new ActivateScoreModel(First, Friday)).Then(new ScoreModelActivated(First, Friday));

    [Fact]
    public void The_active_model_can_become_the_shadow()
    {
        Given(new ScoreModelActivated(First, Monday)).When(new ShadowScoreModel(First, Friday)).Then(new ScoreModelShadowed(First, Friday));
        After(new ScoreModelActivated(First, Monday), new ScoreModelShadowed(First, Friday)).At(Friday).ShouldBe((null, First));
    }
}
