using Crm.Domain.Warnings.Learning;

namespace Crm.Domain.Tests.Warnings;

public sealed class WarningLearningTests()
    : Spec<WarningLearning, IWarningLearningCommand, IWarningLearningEvent>(WarningLearningDecider.Instance)
{
    private static readonly Guid First = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Second = Guid.Parse("01920000-0000-7000-8000-000000000002");

    [Fact]
    public void What_was_learned_is_kept_once() =>
        Given().When(new KeepLearnedWarnings(Model(First))).Then(Model(First));

    [Fact]
    public void Nobody_is_warned_by_it_before_somebody_accepted_it_or_a_playbook_says_so()
    {
        After(Model(First)).InUse(usesNewest: false).ShouldBeNull();
        After(Model(First), Model(Second)).InUse(usesNewest: true)!.ModelId.ShouldBe(Second);
        After(Model(First), Model(Second), new LearnedWarningsAccepted(First)).InUse(usesNewest: true)!.ModelId.ShouldBe(First);
        After(Model(First), new LearnedWarningsAccepted(First), new LearnedWarningsRetired(First)).InUse(usesNewest: true).ShouldBeNull();
    }

    [Fact]
    public void Only_what_was_learned_is_accepted()
    {
        Given().When(new AcceptLearnedWarnings(First)).ThenRejected("warning.model-unknown");
        Given(Model(First)).When(new AcceptLearnedWarnings(First, "good")).Then(new LearnedWarningsAccepted(First, "good"));
        Given(Model(First), new LearnedWarningsAccepted(First)).When(new RetireLearnedWarnings(First, "old"))
            .Then(new LearnedWarningsRetired(First, "old"));
    }

    private static WarningsLearned Model(Guid id) =>
        new(id, LearnWarnings.Engine, default, 1, 30, default, new(10, 5), new(5, 2), 0, 20, 5, 2, 0, []);
}
