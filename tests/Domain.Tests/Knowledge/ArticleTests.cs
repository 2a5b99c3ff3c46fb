using Crm.Domain.Knowledge;

namespace Crm.Domain.Tests.Knowledge;

public sealed class ArticleTests() : Spec<Article, IArticleCommand, IArticleEvent>(ArticleDecider.Instance)
{
    private static readonly ArticleWritten Written = new(ArticleKind.TalkTrack, "Cheaper elsewhere", "Ask what is in it.",
        Competitor: "Acme", Stage: "Quote");

    [Fact]
    public void An_article_is_written_once()
    {
        WriteArticle write = new(ArticleKind.TalkTrack, "Cheaper elsewhere", "Ask what is in it.", Competitor: "Acme", Stage: "Quote");

        Given().When(write).Then(Written);
        Given(Written).When(write).ThenNothing();
        Given(Written).When(write with { Text = "Leave." }).ThenRejected("article.written");
    }

    [Fact]
    public void Only_what_becomes_another_is_a_revision()
    {
        Given(Written).When(new ReviseArticle("Cheaper elsewhere", "Ask, then wait.", Cleared: ["stage", "language"]))
            .Then(new ArticleRevised(Text: "Ask, then wait.", Cleared: ["stage"]));
        Given(Written).When(new ReviseArticle("Cheaper elsewhere")).ThenNothing();
    }

    [Fact]
    public void A_revision_is_counted_and_keeps_the_rest()
    {
        var revised = After(Written, new ArticleRevised(Text: "Ask, then wait.", Cleared: ["stage"]));

        (revised.Revision, revised.Written).ShouldBe((2, Written with { Text = "Ask, then wait.", Stage = null }));
    }

    [Fact]
    public void An_article_keeps_a_title_and_a_text() =>
        Given(Written).When(new ReviseArticle(Cleared: ["text"])).ThenRejected("article.member-kept", "text");

    [Fact]
    public void A_retired_article_stays_as_it_is()
    {
        Given(Written).When(new RetireArticle("old prices")).Then(new ArticleRetired("old prices"));
        Given(Written, new ArticleRetired()).When(new RetireArticle()).ThenNothing();
        Given(Written, new ArticleRetired()).When(new ReviseArticle("Other")).ThenRejected("article.retired");
    }

    [Fact]
    public void What_was_never_written_is_unknown() => Given().When(new RetireArticle()).ThenRejected("article.unknown");
}
