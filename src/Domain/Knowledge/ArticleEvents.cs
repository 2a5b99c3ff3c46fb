namespace Crm.Domain.Knowledge;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IArticleEvent;

/// <summary>What an article is for: what to say, how we stand beside a competitor, or how something was won.</summary>
public enum ArticleKind { TalkTrack, CompetitorSheet, Case }

/// <summary>Somebody wrote down what others can use. Nothing of a person is in it: everybody finds it.</summary>
/// <param name="Industry">Of customers for whom it is; null for any, as are the others.</param>
/// <param name="Stage">Of opportunities for which it is.</param>
/// <param name="Language">BCP 47, such as <c>zh-CN</c>.</param>
public sealed record ArticleWritten(
    ArticleKind Kind,
    string Title,
    string Text,
    string? Industry = null,
    string? Product = null,
    string? Competitor = null,
    string? Stage = null,
    string? Language = null) : IArticleEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Title, Text];
}

/// <summary>What is given is so from now on; its kind stays.</summary>
/// <param name="Cleared">Members that are not known any more, in camelCase.</param>
public sealed record ArticleRevised(
    string? Title = null,
    string? Text = null,
    string? Industry = null,
    string? Product = null,
    string? Competitor = null,
    string? Stage = null,
    string? Language = null,
    IReadOnlyList<string>? Cleared = null) : IArticleEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Title, Text];

    /// <summary>The article as it is after this.</summary>
    public ArticleWritten Over(ArticleWritten article) => article with
    {
        Title = Title ?? article.Title,
        Text = Text ?? article.Text,
        Industry = Change.Of(Cleared, "industry", Industry, article.Industry),
        Product = Change.Of(Cleared, "product", Product, article.Product),
        Competitor = Change.Of(Cleared, "competitor", Competitor, article.Competitor),
        Stage = Change.Of(Cleared, "stage", Stage, article.Stage),
        Language = Change.Of(Cleared, "language", Language, article.Language)
    };
}

/// <summary>It is not to be used any more; its past keeps it.</summary>
public sealed record ArticleRetired(string? Reason = null) : IArticleEvent;
