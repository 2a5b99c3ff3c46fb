using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.Projections.Opportunities;

namespace Crm.Projections.Tests.Opportunities;

public sealed class PipelineBoardTests
{
    private static readonly OpportunityOpened Opened = new(
        "Nordwind", OpportunityType.New, Money.Of(4_821m, "USD"), "standard", "Engaging", Rep: "Moses Frase", Team: "Central", Region: "Central", Product: "GTX Pro");

    private readonly Story<PipelineBoard.Row> story = new(Catalog.Pipeline);

    [Fact]
    public void An_open_deal_gives_its_amount_to_its_group() =>
        Gives(story.Then(0, Opened).Row).ShouldBe((new PipelineBoard.Group(
            "standard", "Engaging", "open", "Central", "Moses Frase", "Central", "GTX Pro", "USD"), 4_821m));

    [Fact]
    public void A_won_deal_gives_what_was_signed()
    {
        var (group, amount) = Gives(story.Then(0, Opened).Then(1, new OpportunityWon(Money.Of(4_514m, "USD"))).Row)!.Value;

        (group.Status, amount).ShouldBe(("won", 4_514m));
    }

    [Fact]
    public void A_lost_deal_gives_what_it_was_worth() =>
        Gives(story.Then(0, Opened).Then(1, new OpportunityLost("price")).Row)!.Value.Amount.ShouldBe(4_821m);

    [Fact]
    public void What_is_not_opened_yet_counts_nowhere() =>
        Gives(story.Then(-1, new OpportunityAmountChanged(Money.Of(1m, "USD"))).Row).ShouldBeNull();

    [Fact]
    public void Another_rep_takes_the_deal_along()
    {
        var (group, _) = Gives(story.Then(0, Opened).Then(1, new OpportunityAssigned(Rep: "Anna Snelling")).Row)!.Value;

        (group.Rep, group.Team).ShouldBe(("Anna Snelling", "Central"));
    }

    private static (PipelineBoard.Group Group, decimal Amount)? Gives(PipelineBoard.Row? row) =>
        row is null || PipelineBoard.Board.Of(row) is not var (group, amount) ? null : ((PipelineBoard.Group)group, amount);
}
