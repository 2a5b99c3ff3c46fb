using Crm.Domain.Knowledge;

namespace Crm.Domain.Tests.Knowledge;

public sealed class SuggestionsTests
{
    private static readonly UsableArticle Price = new(
        Id(1), 2, "talk-track", "竞品报价更低怎么答", "先问清报价包含什么。再讲三年总成本，Acme 不含培训！", null, null, "Acme", null);

    private static readonly UsableArticle Delay = new(Id(2), 1, "talk-track", "交期太长", "先说排产，再给分批交付。", null, null, null, null);

    [Fact]
    public void Words_are_terms_and_of_Chinese_each_two_characters() =>
        Suggestions.Terms("ACME 报价低, 快").ShouldBe(["acme", "报价", "价低", "快"]);

    [Fact]
    public void The_article_with_most_of_the_message_comes_first_with_the_sentence_that_fits()
    {
        var found = Suggestions.For("Acme报价更低", [Of(Delay), Of(Price)], 3).ShouldHaveSingleItem();

        (found.Source.Id, found.Source.Revision, found.Score, found.Passage).ShouldBe((Id(1), 2, 1m, "先问清报价包含什么"));
        found.Terms.ShouldBe(["acme", "报价", "价更", "更低"]);
    }

    [Fact]
    public void Of_those_alike_the_one_with_more_tags_of_the_deal_comes_first()
    {
        var tagged = Delay with { Id = Id(9) };

        Suggestions.For("交期", [Of(Delay), new(tagged, 1, ["stage"])], 3).Select(one => one.Source.Id).ShouldBe([Id(9), Id(2)]);
        Suggestions.For("交期", [Of(Delay), new(tagged, 1, ["stage"])], 1).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("？！ ")]
    [InlineData("完全不同")]
    public void Where_nothing_is_in_common_nothing_is_suggested(string message) =>
        Suggestions.For(message, [Of(Price), Of(Delay)], 3).ShouldBeEmpty();

    private static Fitting<UsableArticle> Of(UsableArticle article) => new(article, 0, []);

    private static Guid Id(int last) => new(last, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
}
