using Crm.Api.Http;
using Crm.Api.Knowledge;
using Crm.Api.Opportunities;
using Crm.Domain;
using Crm.Domain.Knowledge;
using Crm.EventModel;
using Crm.Projections;
using Crm.Projections.Knowledge;
using Crm.Projections.Opportunities;

namespace Crm.Api.FollowUps;

/// <summary>Gathers what there is to help with a deal: articles in use, and deals that were won and are like it, as of any
/// moment.</summary>
public sealed class FollowUpPacks(Queries queries)
{
    private const int MostArticles = 3;
    private const int MostDeals = 3;
    private const int MostSuggestions = 3;

    private static readonly IReadOnlyList<ReadModel> Models = [Catalog.Opportunities, Catalog.Customers, Catalog.Articles, Catalog.Reviews];

    private static IReadOnlyDictionary<string, int> Versions { get; } = Models.ToDictionary(model => model.Name, model => model.Version);

    /// <exception cref="Rejection">There is no such opportunity, or it is out of sight.</exception>
    internal async Task<FollowUpPackAnswer> Of(Caller by, Guid id, Lens lens, PositionToken? least, CancellationToken ct)
    {
        var ((deal, situation, articles, won), position) = await queries
            .Read(by.Tenant, Models, lens, await Known(by, id, lens, least, ct), async (connection, known) =>
        {
            var sources = new FollowUpSources(connection, by.Tenant, lens, known, id);
            var (deal, situation) = await Situation(by, sources, ct);

            // A deal is cited with the day on which it was signed.
            var (cases, there) = by.Sight.Hides("opportunity", "signedAt") ? ([], 0) : await sources.Won(situation, ct);
            var most = Similarity.MostAlike(situation, cases, MostDeals);
            var learned = await sources.Learned([.. most.Select(one => one.Source.Id)], ct);
            return (deal, situation, await sources.MostFitting(situation, MostArticles, ct),
                (Cited: most.Select(one => Cited(one, learned[one.Source.Id])).ToList(), Compared: new Compared(cases.Count, there)));
        }, ct);

        return new(
            id, lens.AsOf, lens.KnownAt, position, Versions, by.Sight.Hides("opportunity", "idleSince") ? null : deal.IdleSince,
            For(ArticleKind.TalkTrack), For(ArticleKind.CompetitorSheet), For(ArticleKind.Case), won.Cited, won.Compared);

        IReadOnlyList<CitedArticle> For(ArticleKind kind) =>
            [.. UsableArticles.For(situation, ArticleList.KindOf(kind), articles, MostArticles).Select(CitedArticle.Of)];
    }

    /// <inheritdoc cref="Of"/>
    internal async Task<SuggestionsAnswer> Suggest(Caller by, Guid id, string text, PositionToken? least, CancellationToken ct)
    {
        var now = new Lens(AsOf: null, KnownAt: null, Position: null);
        var ((situation, (articles, there)), position) = await queries
            .Read(by.Tenant, Models, now, await Known(by, id, now, least, ct), async (connection, known) =>
        {
            var sources = new FollowUpSources(connection, by.Tenant, now, known, id);
            var (_, situation) = await Situation(by, sources, ct);
            return (situation, await sources.Fitting(situation, ct));
        }, ct);
        var serving = articles.Select(article => UsableArticles.Of(situation, article)).OfType<Fitting<UsableArticle>>();
        return new(position, Versions, [.. Suggestions.For(text, serving, MostSuggestions).Select(SuggestedAnswer.Of)],
            new(articles.Count, there));
    }

    // The deal is always fresh, as it is by itself: the tables have to have come as far as it.
    private async Task<PositionToken> Known(Caller by, Guid id, Lens lens, PositionToken? least, CancellationToken ct)
    {
        queries.MustBeOurs(least);
        var events = await queries.Events(by.Tenant, id, lens, ct);
        var newest = queries.Token(events.Count > 0 ? events[^1].Position : throw lens.Missing(OpportunityEndpoints.Missing()));
        return least?.Position > newest.Position ? least : newest;
    }

    // What his role hides is not known to what is chosen for him, so that nothing tells it.
    private static async Task<(OpportunityList.Row Deal, DealSituation Situation)> Situation(
        Caller by, FollowUpSources sources, CancellationToken ct)
    {
        var deal = await sources.Deal(ct);
        if (deal is null || !OpportunityAnswer.List.Holds(by.Sight, deal))
        {
            throw sources.Lens.Missing(OpportunityEndpoints.Missing());
        }

        var industry = by.Sight.Hides("customer", "industry") || by.Sight.Hides("opportunity", "customerId")
            ? null : await sources.Industry(deal.CustomerId, ct);
        var worth = deal is { Amount: { } amount, Currency: { } currency } && !by.Sight.Hides("opportunity", "amount")
            ? Money.Of(amount, currency) : null;
        return (deal, new(
            industry, Shown("product", deal.Product), Shown("region", deal.Region), Shown("competitor", deal.Competitor),
                Shown("stage", deal.Stage),
            worth));

        string? Shown(string member, string? value) => by.Sight.Hides("opportunity", member) ? null : value;
    }

    private static CitedDeal Cited(Fitting<WonCase> one, ReviewList.Row learned) => new(
        one.Source.Id, one.Source.Revision, one.Source.WonAt, one.Score, one.Parts, KnowledgeAnswer.Of(learned).Answers);
}
