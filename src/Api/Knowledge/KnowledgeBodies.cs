using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Knowledge;
using Crm.Domain.Opportunities;
using Crm.Projections;
using Crm.Projections.Knowledge;

namespace Crm.Api.Knowledge;

/// <param name="Q">Words, each of which must be found in the replies: part of one, in capitals or not.</param>
/// <param name="Outcome">Of deals that were won, or of those that were lost.</param>
public sealed record KnowledgeQuestion(
    Times Times, ListWords Words, string? Q = null, string? Industry = null, string? Product = null, string? Stage = null,
        DealOutcome? Outcome = null,
    string? LossReason = null, string? Competitor = null, string? Region = null, string? Pipeline = null) : IListQuestion
{
    public Asked Asked => Asked.Of(
            Times, Words, ("industry", Industry), ("product", Product), ("stage", Stage), ("lossReason", LossReason),
                ("competitor", Competitor),
            ("region", Region), ("pipeline", Pipeline))
        .And("outcome", "status", Outcome is { } outcome ? ChoiceShape.Spell(outcome.ToString()) : null).Without("flag").Seeking(Q);
}

/// <summary>How a deal was decided.</summary>
public enum DealOutcome { Won, Lost }

/// <summary>What was learned from a deal. What it was worth, to whom and whose it was is not told.</summary>
/// <param name="Id">The opportunity; it is read by those who see it.</param>
/// <param name="ReviewedAt">When it was answered last.</param>
/// <param name="Status"><c>won</c> or <c>lost</c>.</param>
/// <param name="Stage">In which it was decided.</param>
/// <param name="Industry">The customer's.</param>
/// <param name="Revision">How often it was answered: by this it is cited.</param>
[Sparse]
public sealed record KnowledgeAnswer(
    Guid Id, DateTimeOffset ReviewedAt, string Status, string? Pipeline, string? Stage, string? Product, string? Industry, string? Region,
    string? Competitor, string? LossReason, int Revision, IReadOnlyList<LearnedAnswer> Answers)
{
    /// <summary>Called as opportunities are: what a role does not see of these is hidden in what was learned from them, too.</summary>
    public static readonly RecordList<ReviewList.Row, KnowledgeAnswer> List = new(
        "opportunity", Catalog.Reviews, "reviewedAt", (row, _, _, _) => Task.FromResult(Of(row)), searched: ["text"]);

    public static KnowledgeAnswer Of(ReviewList.Row r) => new(
        r.OpportunityId, r.ReviewedAt!.Value, r.Status, r.Pipeline, r.Stage, r.Product, r.Industry, r.Region, r.Competitor, r.LossReason,
            r.Revision,
        [.. r.Keys.Select((key, i) => new LearnedAnswer(key, r.Questions[i], r.Replies[i]))]);
}

/// <param name="Key">Of the question.</param>
/// <param name="Reply">What was chosen, with semicolons between, or said in free words.</param>
public sealed record LearnedAnswer(string Key, string Question, string Reply);

/// <param name="Text">Nothing of a person: everybody with <c>knowledge.read</c> finds it.</param>
/// <param name="Industry">Of customers for whom it is; left out: any, as are the others.</param>
/// <param name="Stage">Of opportunities for which it is.</param>
/// <param name="Language">BCP 47, such as <c>zh-CN</c>.</param>
public sealed record WriteArticleRequest(
    ArticleKind Kind, string Title, [Text(WriteArticle.LongestText)] string Text, string? Industry = null, string? Product = null,
    string? Competitor = null, string? Stage = null, [Text(35)] string? Language = null);

/// <summary>What is absent stays as it is; what is null is not known any more.</summary>
public sealed record ReviseArticleRequest(
    string? Title = null, [Text(WriteArticle.LongestText)] string? Text = null, string? Industry = null, string? Product = null,
    string? Competitor = null, string? Stage = null, [Text(35)] string? Language = null)
{
    public ReviseArticle Command(IReadOnlyList<string> cleared) =>
        new(Title, Text, Industry, Product, Competitor, Stage, Language, cleared);
}

public sealed record RetireArticleRequest(string? Reason = null);

/// <param name="Q">Words, each of which must be found in title or text: part of one, in capitals or not.</param>
/// <param name="Retired">Whether to give those that are retired, too.</param>
public sealed record ArticleQuestion(
    Times Times, ListWords Words, string? Q = null, ArticleKind? Kind = null, string? Industry = null, string? Product = null,
    string? Competitor = null, string? Stage = null, string? Language = null, bool? Retired = null) : IListQuestion
{
    public Asked Asked => Retired == true ? All : All.Without("retiredAt");

    private Asked All => Asked.Of(
        Times, Words, ("kind", Kind is { } kind ? ArticleList.KindOf(kind) : null), ("industry", Industry), ("product", Product),
        ("competitor", Competitor), ("stage", Stage), ("language", Language)).Seeking(Q);
}

/// <param name="Kind"><c>talk-track</c>, <c>competitor-sheet</c> or <c>case</c>.</param>
/// <param name="Revision">How often it was written or revised: by this others cite it.</param>
/// <param name="RetiredAt">Null while it is used.</param>
[Sparse]
public sealed record ArticleAnswer(
    Guid Id, DateTimeOffset WrittenAt, string Kind, string Title, string Text, string? Industry, string? Product, string? Competitor,
        string? Stage,
    string? Language, int Revision, DateTimeOffset? RevisedAt, DateTimeOffset? RetiredAt, string? RetiredBecause)
{
    public static readonly RecordList<ArticleList.Row, ArticleAnswer> List = new(
        "article", Catalog.Articles, "writtenAt", (row, _, _, _) => Task.FromResult(Of(row)), searched: ["title", "text"]);

    public static ArticleAnswer Of(ArticleList.Row r) => new(
        r.ArticleId, r.WrittenAt!.Value, r.Kind!, r.Title!, r.Text!, r.Industry, r.Product, r.Competitor, r.Stage, r.Language, r.Revision,
            r.RevisedAt,
        r.RetiredAt, r.RetiredBecause);
}
