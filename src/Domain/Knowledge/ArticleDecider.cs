namespace Crm.Domain.Knowledge;

public interface IArticleCommand;

public sealed record WriteArticle(
    ArticleKind Kind,
    string Title,
    string Text,
    string? Industry = null,
    string? Product = null,
    string? Competitor = null,
    string? Stage = null,
    string? Language = null) : IArticleCommand
{
    public const int LongestText = 8000;
}

/// <summary>What is null stays as it is; what is named in <paramref name="Cleared"/> is not known any more.</summary>
public sealed record ReviseArticle(
    string? Title = null,
    string? Text = null,
    string? Industry = null,
    string? Product = null,
    string? Competitor = null,
    string? Stage = null,
    string? Language = null,
    IReadOnlyList<string>? Cleared = null) : IArticleCommand;

public sealed record RetireArticle(string? Reason = null) : IArticleCommand;

public static class ArticleDecider
{
    private static readonly string[] Never = ["title", "text"];

    public static readonly Decider<Article, IArticleCommand, IArticleEvent> Instance =
        new("article", Article.None, Decide, Article.Evolve);

    public static IReadOnlyList<IArticleEvent> Decide(Article state, IArticleCommand command) => (state, command) switch
    {
        ({ Written: null }, WriteArticle c) => [Written(c)],
        (_, WriteArticle c) when state.Written == Written(c) => [],
        (_, WriteArticle) => throw Rejection.WrongState("article.written", "This article is written already, with other words; revise it."),

        ({ Written: null }, _) => throw Unknown(),

        ({ Retired: not null }, RetireArticle) => [],
        (_, RetireArticle c) => [new ArticleRetired(c.Reason)],
        ({ Retired: not null }, _) => throw Rejection.WrongState("article.retired", "This article is retired; write another one."),
        (_, ReviseArticle c) => Revised(state.Written!, c),
        _ => []
    };

    public static Rejection Unknown() => Rejection.Unknown("article.unknown", "There is no such article.");

    private static ArticleWritten Written(WriteArticle c) =>
        new(c.Kind, c.Title, c.Text, c.Industry, c.Product, c.Competitor, c.Stage, c.Language);

    // Only what becomes another than it was is a fact.
    private static IReadOnlyList<IArticleEvent> Revised(ArticleWritten known, ReviseArticle c)
    {
        if (c.Cleared?.FirstOrDefault(Never.Contains) is { } kept)
            throw Rejection.BrokenRule("article.member-kept", $"An article does not lose its {kept}; send another one.", kept);

        var revised = new ArticleRevised(
            Change.Other(c.Title, known.Title), Change.Other(c.Text, known.Text), Change.Other(c.Industry, known.Industry),
            Change.Other(c.Product, known.Product), Change.Other(c.Competitor, known.Competitor), Change.Other(c.Stage, known.Stage),
            Change.Other(c.Language, known.Language), Change.Cleared(c.Cleared, name => IsKnown(known, name)));
        return revised == new ArticleRevised() ? [] : [revised];
    }

    private static bool IsKnown(ArticleWritten known, string name) => name switch
    {
        "industry" => known.Industry is not null,
        "product" => known.Product is not null,
        "competitor" => known.Competitor is not null,
        "stage" => known.Stage is not null,
        "language" => known.Language is not null,
        _ => false
    };
}
