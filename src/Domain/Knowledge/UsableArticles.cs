namespace Crm.Domain.Knowledge;

/// <summary>An article as it reads at a moment.</summary>
public sealed record UsableArticle(
    Guid Id, int Revision, string Kind, string Title, string Text, string? Industry, string? Product, string? Competitor, string? Stage);

/// <summary>Which articles serve for a deal: none that is tagged for another one; those first that are tagged most for this one.</summary>
public static class UsableArticles
{
    /// <summary>Of a kind, by how many tags are the deal's own, each 1; of those alike as much by their ids.</summary>
    public static IReadOnlyList<Fitting<UsableArticle>> For(DealSituation deal, string kind, IEnumerable<UsableArticle> articles,
        int most) =>
    [
        .. articles.Where(article => article.Kind == kind).Select(article => Of(deal, article)).OfType<Fitting<UsableArticle>>()
            .OrderByDescending(one => one.Score).ThenBy(one => one.Source.Id).Take(most)
    ];

    /// <summary>Null where it is tagged for others.</summary>
    public static Fitting<UsableArticle>? Of(DealSituation deal, UsableArticle article)
    {
        (string Name, string? Tag, string? Own)[] tags =
        [
            ("competitor", article.Competitor, deal.Competitor), ("product", article.Product, deal.Product),
                ("stage", article.Stage, deal.Stage),
            ("industry", article.Industry, deal.Industry)
        ];
        var tagged = tags.Where(tag => tag.Tag is not null).ToList();
        return tagged.All(tag => tag.Tag == tag.Own) ? new(article, tagged.Count, [.. tagged.Select(tag => tag.Name)]) : null;
    }
}
