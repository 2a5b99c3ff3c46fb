using System.Text.Json;
using Crm.Domain.Knowledge;
using Crm.EventModel;

namespace Crm.Projections.Knowledge;

/// <summary>Every article as it reads, and as it read at any moment.</summary>
public sealed class ArticleList : ReadModel<ArticleList.Row>
{
    /// <param name="WrittenAt">Null while there are only facts dated before it was written; such a row is not listed.</param>
    /// <param name="Kind"><c>talk-track</c>, <c>competitor-sheet</c> or <c>case</c>.</param>
    /// <param name="Revision">How often it was written or revised: by this others cite it.</param>
    /// <param name="RetiredAt">Null while it is used.</param>
    public sealed record Row(
        Guid ArticleId, DateTimeOffset? WrittenAt, string? Kind, string? Title, string? Text, string? Industry, string? Product,
            string? Competitor,
        string? Stage, string? Language, int Revision, DateTimeOffset? RevisedAt, DateTimeOffset? RetiredAt, string? RetiredBecause);

    public override string Name => "article_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IArticleEvent);

    public override Row? Fold(Row? row, Recorded e)
    {
        var article = row ?? new Row(e.StreamId, null, null, null, null, null, null, null, null, null, 0, null, null, null);
        return e.Data switch
        {
            ArticleWritten x => With(article, x) with { WrittenAt = e.OccurredAt, Kind = KindOf(x.Kind) },
            ArticleRevised x => With(article, x.Over(Text(article))) with { RevisedAt = e.OccurredAt },
            ArticleRetired x => article with { RetiredAt = e.OccurredAt, RetiredBecause = x.Reason },
            _ => row
        };
    }

    public static string KindOf(ArticleKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private static ArticleWritten Text(Row r) =>
        new(default, r.Title ?? "", r.Text ?? "", r.Industry, r.Product, r.Competitor, r.Stage, r.Language);

    private static Row With(Row row, ArticleWritten article) => row with
    {
        Title = article.Title,
        Text = article.Text,
        Industry = article.Industry,
        Product = article.Product,
        Competitor = article.Competitor,
        Stage = article.Stage,
        Language = article.Language,
        Revision = row.Revision + 1
    };
}
