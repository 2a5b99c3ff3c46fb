using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Opportunities;

/// <summary>What a stage asks for is done when a deal comes there, once for each time that it comes.</summary>
public sealed class ActOnEntryTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 2, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid First = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Second = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly OpportunityOpened Opened = new("Press line", OpportunityType.New, Money.Of(50_000, "CNY"), "sales", "Need",
        Playbook: 7);
    private static readonly OpportunityStageEntered Proposal = new("Proposal", 7);

    private static readonly PlaybookPublished Version = new(7, Monday, new("Sales", Pipelines: [new("sales", "Sales",
    [
        new("Need"),
        new("Proposal", OnEntry:
        [
            new("review", "方案技术评审", Task: new("Review", new(Days: 1))),
            new("board", "Board", Documents.When("amount", "gt", 100_000), Approval: new("board"))
        ])
    ])]));

    [Fact]
    public void What_is_asked_for_of_such_a_deal_is_done() =>
        Due([First], Fact(Opened), Fact(Proposal, First)).ShouldBe(["review"]);

    [Fact]
    public void Of_whom_it_is_asked_depends_on_how_it_is_when_it_comes() => Due(
        [First, Second], Fact(Opened), Fact(Proposal, First), Fact(new OpportunityAmountChanged(Money.Of(200_000, "CNY"))),
            Fact(Proposal, Second))
        .ShouldBe(["review", "review", "board"]);

    [Fact]
    public void It_is_done_once_for_each_time_that_it_comes()
    {
        var acted = new OpportunityEntryActed("review", "Review", "Proposal", First, 7, TaskId: Second);

        Due([First], Fact(Opened), Fact(Proposal, First), Fact(acted)).ShouldBeEmpty();
        Due([First, Second], Fact(Opened), Fact(Proposal, First), Fact(acted), Fact(new OpportunityStageEntered("Need")),
            Fact(Proposal, Second)).ShouldBe(["review"]);
    }

    [Fact]
    public void What_files_tell_and_what_was_before_the_rules_asks_for_nothing()
    {
        Due([First], Fact(Opened), Fact(Proposal with { Playbook = null }, First)).ShouldBeEmpty();
        Due([First], Fact(Opened), new OpportunityFact(First, Proposal, Monday.AddDays(-1))).ShouldBeEmpty();
        Due([First], Fact(Opened), Fact(Proposal with { Playbook = 8 }, First)).ShouldBeEmpty("there is no such version");
    }

    [Fact]
    public void Whoever_is_lost_or_no_business_is_left_alone_and_whoever_moved_on_is_not()
    {
        Due([First], Fact(Opened), Fact(Proposal, First), Fact(new OpportunityLost("price"))).ShouldBeEmpty();
        Due([First], Fact(Opened), Fact(new OpportunityFlagged(RecordFlag.Test)), Fact(Proposal, First)).ShouldBeEmpty();
        Due([First], Fact(Opened), Fact(Proposal, First), Fact(new OpportunityStageEntered("Need"))).ShouldBe(["review"]);
    }

    [Fact]
    public void What_is_not_looked_at_is_left_alone() => Due([], Fact(Opened), Fact(Proposal, First)).ShouldBeEmpty();

    private static OpportunityFact Fact(IOpportunityEvent fact, Guid? id = null) => new(id ?? Guid.NewGuid(), fact, Monday.AddHours(1));

    private static IEnumerable<string> Due(Guid[] entries, params OpportunityFact[] facts) =>
        ActOnEntry.React(facts, entries, number => number == 7 ? Version : null).Select(action => action.Section.Key);
}
