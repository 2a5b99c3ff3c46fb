using Crm.Domain;
using Crm.Domain.Knowledge;
using Crm.Domain.Opportunities;
using Crm.Projections.Knowledge;

namespace Crm.Projections.Tests.Knowledge;

public sealed class KnowledgeTests
{
    private static readonly OpportunityOpened Opened = new(
        "Spectro", OpportunityType.New, Money.Of(100_000m, "CNY"), "b2b", "Quote", Region: "East", Product: "Spectro");

    private static readonly OpportunityReviewed Reviewed = new(
        OpportunityOutcome.Lost, [new("cause", "Why", ["price", "timing"]), new("lesson", "And next time", Text: "Ask sooner.")], 4,
            "Medical");

    [Fact]
    public void What_was_learned_stands_beside_what_the_deal_was_about()
    {
        var row = Lost().Then(21, Reviewed).Row!;

        (row.ReviewedAt, row.Status, row.LossReason, row.Competitor, row.Industry, row.Stage, row.Product, row.Revision)
            .ShouldBe((Story<ReviewList.Row>.Monday.AddDays(21), "lost", "price", "Acme", "Medical", "Quote", "Spectro", 1));
        row.Keys.ShouldBe(["cause", "lesson"]);
        row.Replies.ShouldBe(["price; timing", "Ask sooner."]);
        row.Text.ShouldBe("price; timing\nAsk sooner.");
    }

    [Fact]
    public void Reopened_nothing_is_learned_yet()
    {
        var story = Lost().Then(21, Reviewed).Then(30, new OpportunityReopened());
        (story.Row!.ReviewedAt, story.Row.Status, story.Row.LossReason, story.Row.Text).ShouldBe((null, "open", null, null));

        story.RowAsOf(25)!.ReviewedAt.ShouldNotBeNull();
        story.Then(40, new OpportunityWon(Opened.Amount)).Then(41, Reviewed with { Outcome = OpportunityOutcome.Won });
        (story.Row!.Status, story.Row.Revision).ShouldBe(("won", 2));
    }

    [Fact]
    public void Of_a_loss_that_was_withdrawn_nothing_was_learned()
    {
        var story = new Story<ReviewList.Row>(Catalog.Reviews).Then(0, Opened);
        var loss = story.On(20, new OpportunityLost("price"));
        story.Then(21, Reviewed).Then(30, new OpportunityCorrected(loss, "wrong deal", Withdrawn: true));

        (story.Row!.Status, story.Row.ReviewedAt, story.Row.Text, story.Row.Revision).ShouldBe(("open", null, null, 0));
    }

    [Fact]
    public void A_correction_of_the_reason_is_seen_in_what_was_learned()
    {
        var story = new Story<ReviewList.Row>(Catalog.Reviews).Then(0, Opened);
        var loss = story.On(20, new OpportunityLost("price"));
        story.Then(21, Reviewed).Then(30, new OpportunityCorrected(loss, "misread", LossReason: "timing"));

        (story.Row!.LossReason, story.Row.Text).ShouldBe(("timing", "price; timing\nAsk sooner."));
    }

    [Fact]
    public void An_article_reads_as_it_was_revised_last()
    {
        var story = new Story<ArticleList.Row>(Catalog.Articles)
            .Then(0, new ArticleWritten(ArticleKind.TalkTrack, "Cheaper", "Ask.", Stage: "Quote"))
            .Then(5, new ArticleRevised(Text: "Ask, then wait.", Cleared: ["stage"])).Then(9, new ArticleRetired("old prices"));

        var row = story.Row!;
        (row.Kind, row.Title, row.Text, row.Stage, row.Revision, row.RetiredBecause)
            .ShouldBe(("talk-track", "Cheaper", "Ask, then wait.", null, 2, "old prices"));
        (story.RowAsOf(3)!.Text, story.RowAsOf(3)!.Revision, story.RowAsOf(8)!.RetiredAt).ShouldBe(("Ask.", 1, null));
    }

    private static Story<ReviewList.Row> Lost() =>
        new Story<ReviewList.Row>(Catalog.Reviews).Then(0, Opened).Then(20, new OpportunityLost("price", Competitor: "Acme"));
}
