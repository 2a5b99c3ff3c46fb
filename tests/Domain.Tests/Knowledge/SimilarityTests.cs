using Crm.Domain.Knowledge;

namespace Crm.Domain.Tests.Knowledge;

public sealed class SimilarityTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DealSituation Deal = new("Medical", "GTX", "East", "Acme", "Quote", Money.Of(120_000, "CNY"));
    private static readonly WonCase Twin = new(Id(1), 1, Monday, "Medical", "GTX", "East", Money.Of(999_999, "CNY"), WasInStage: true);

    [Fact]
    public void What_is_alike_in_all_is_a_hundred()
    {
        var (_, score, parts) = Similarity.Of(Deal, Twin);

        score.ShouldBe(100);
        parts.ShouldBe(["industry", "product", "amount", "region", "stage"]);
    }

    [Theory]
    [InlineData(99_999.99, "CNY", 80)]
    [InlineData(100_000, "CNY", 100)]
    [InlineData(1_000_000, "CNY", 80)]
    [InlineData(120_000, "EUR", 80)]
    public void Amounts_are_alike_that_have_as_many_digits_in_one_currency(decimal amount, string currency, int score) =>
        Similarity.Of(Deal, Twin with { Amount = Money.Of(amount, currency) }).Score.ShouldBe(score);

    [Fact]
    public void What_is_not_known_is_not_alike() =>
        Similarity.Of(new(null, null, null, null, null, null), Twin with { Industry = null, Region = null }).Score.ShouldBe(0);

    [Fact]
    public void The_most_alike_come_first_and_of_those_the_last_that_was_won_in_whichever_order_they_come()
    {
        WonCase[] cases =
        [
            Twin with { Id = Id(4), Industry = "Food" }, Twin with { Id = Id(2), WonAt = Monday.AddDays(1) }, Twin,
            Twin with { Id = Id(3), WonAt = Monday.AddDays(1) }, new(Id(5), 1, Monday, "Food", "Other", "West", null, WasInStage: false)
        ];

        Similarity.MostAlike(Deal, cases, 4).Select(one => one.Source.Id).ShouldBe([Id(2), Id(3), Id(1), Id(4)]);
        Similarity.MostAlike(Deal, cases.Reverse(), 9).Select(one => one.Source.Id)
            .ShouldBe([Id(2), Id(3), Id(1), Id(4)], "what is alike in nothing is none");
    }

    [Fact]
    public void An_article_that_is_tagged_for_others_does_not_serve_and_the_one_with_most_tags_comes_first()
    {
        UsableArticle any = new(Id(1), 1, "talk-track", "Any", "x", null, null, null, null);
        UsableArticle[] articles =
        [
            any, any with { Id = Id(2), Competitor = "Acme" }, any with { Id = Id(3), Competitor = "Acme", Stage = "Quote" },
            any with { Id = Id(4), Competitor = "Other" }, any with { Id = Id(5), Kind = "case", Competitor = "Acme" }
        ];

        UsableArticles.For(Deal, "talk-track", articles, 9).Select(one => (one.Source.Id, one.Score))
            .ShouldBe([(Id(3), 2), (Id(2), 1), (Id(1), 0)]);
    }

    private static Guid Id(int last) => new(last, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
}
