using Crm.Api.Http;
using Crm.Api.Knowledge;
using Crm.Api.Opportunities;
using Crm.Domain;
using Crm.Domain.Knowledge;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Customers;
using Crm.Projections.Knowledge;
using Crm.Projections.Opportunities;
using Npgsql;

namespace Crm.Api.FollowUps;

/// <summary>Gathers what there is to help with a deal: articles in use, and deals that were won and are like it, as of any
/// moment.</summary>
public sealed class FollowUpPacks(Queries queries)
{
    private const int MostArticles = 3;
    private const int MostDeals = 3;
    private const int MostSuggestions = 3;

    private static readonly ModelReader<OpportunityList.Row> Deals = new(Catalog.Opportunities);
    private static readonly ModelReader<CustomerList.Row> Customers = new(Catalog.Customers);
    private static readonly ModelReader<ArticleList.Row> Articles = new(Catalog.Articles);
    private static readonly ModelReader<ReviewList.Row> Reviews = new(Catalog.Reviews);
    private static readonly IReadOnlyList<ReadModel> Models = [Catalog.Opportunities, Catalog.Customers, Catalog.Articles, Catalog.Reviews];

    private static IReadOnlyDictionary<string, int> Versions { get; } = Models.ToDictionary(model => model.Name, model => model.Version);

    /// <exception cref="Rejection">There is no such opportunity, or it is out of sight.</exception>
    internal async Task<FollowUpPackAnswer> Of(Caller by, Guid id, Lens lens, PositionToken? least, CancellationToken ct)
    {
        var ((deal, situation, articles, won), position) = await queries
            .Read(by.Tenant, Models, lens, await Known(by, id, lens, least, ct), async (connection, known) =>
        {
            var asking = new Asking(connection, by.Tenant, lens, known, id);
            var (deal, situation) = await Situation(by, asking, ct);

            // A deal is cited with the day on which it was signed.
            var most = by.Sight.Hides("opportunity", "signedAt") ? []
                : Similarity.MostAlike(situation, await Cases(asking, situation, ct), MostDeals);
            var learned = (await asking.Rows(Reviews, $"r.{IdOf(Catalog.Reviews)} = any($5)", most.Select(one => one.Source.Id).ToArray(),
                ct))
                .ToDictionary(row => row.OpportunityId);
            return (deal, situation, await InUse(asking, ct), most.Select(one => Cited(one, learned[one.Source.Id])).ToList());
        }, ct);

        return new(
            id, lens.AsOf, lens.KnownAt, position, Versions, by.Sight.Hides("opportunity", "idleSince") ? null : deal.IdleSince,
            For(ArticleKind.TalkTrack), For(ArticleKind.CompetitorSheet), For(ArticleKind.Case), won);

        IReadOnlyList<CitedArticle> For(ArticleKind kind) =>
            [.. UsableArticles.For(situation, ArticleList.KindOf(kind), articles, MostArticles).Select(CitedArticle.Of)];
    }

    /// <inheritdoc cref="Of"/>
    internal async Task<SuggestionsAnswer> Suggest(Caller by, Guid id, string text, PositionToken? least, CancellationToken ct)
    {
        var now = new Lens(AsOf: null, KnownAt: null, Position: null);
        var ((situation, articles), position) = await queries
            .Read(by.Tenant, Models, now, await Known(by, id, now, least, ct), async (connection, known) =>
        {
            var asking = new Asking(connection, by.Tenant, now, known, id);
            return ((await Situation(by, asking, ct)).Situation, await InUse(asking, ct));
        }, ct);
        var serving = articles.Select(article => UsableArticles.Of(situation, article)).OfType<Fitting<UsableArticle>>();
        return new(position, Versions, [.. Suggestions.For(text, serving, MostSuggestions).Select(SuggestedAnswer.Of)]);
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
    private static async Task<(OpportunityList.Row Deal, DealSituation Situation)> Situation(Caller by, Asking asking, CancellationToken ct)
    {
        var deal = (await asking.Rows(Deals, $"r.{IdOf(Catalog.Opportunities)} = $4", null, ct)).SingleOrDefault();
        if (deal is null || !OpportunityAnswer.List.Holds(by.Sight, deal))
        {
            throw asking.Lens.Missing(OpportunityEndpoints.Missing());
        }

        var industry = by.Sight.Hides("customer", "industry") || by.Sight.Hides("opportunity", "customerId")
            ? null : await asking.Industry(deal.CustomerId, ct);
        var worth = deal is { Amount: { } amount, Currency: { } currency } && !by.Sight.Hides("opportunity", "amount")
            ? Money.Of(amount, currency) : null;
        return (deal, new(
            industry, Shown("product", deal.Product), Shown("region", deal.Region), Shown("competitor", deal.Competitor),
                Shown("stage", deal.Stage),
            worth));

        string? Shown(string member, string? value) => by.Sight.Hides("opportunity", member) ? null : value;
    }

    private static async Task<IReadOnlyList<UsableArticle>> InUse(Asking asking, CancellationToken ct) =>
    [
        .. (await asking.Rows(Articles, "r.written_at is not null and r.retired_at is null", null, ct)).Select(row => new UsableArticle(
            row.ArticleId, row.Revision, row.Kind!, row.Title!, row.Text!, row.Industry, row.Product, row.Competitor, row.Stage))
    ];

    // Only those that are alike in something can be among the most alike; what is alike in its amount or stage alone is not sought.
    private static Task<IReadOnlyList<WonCase>> Cases(Asking asking, DealSituation deal, CancellationToken ct) => asking.Read($"""
        select r.opportunity_id, r.revision, d.signed_at, r.industry, r.product, r.region, d.amount, d.currency,
               exists (select from {ModelTables.Of(Catalog.Opportunities).History} h
                       where h.tenant_id = $1 and h.opportunity_id = r.opportunity_id and h.stage = $8 and h.status = 'open' and h.at < $2
                         and h.from_position <= $3 and (h.to_position is null or h.to_position > $3) and h.is_there)
        from {Reviews.Rows(asking.Lens.Rewound)} r join {Deals.Rows(asking.Lens.Rewound)} d using (opportunity_id)
        where r.reviewed_at is not null and r.flag is null and r.status = 'won' and d.opened_at is not null and d.signed_at is not null
          and r.opportunity_id <> $4 and (r.industry = $5 or r.product = $6 or r.region = $7)
        """, [deal.Industry, deal.Product, deal.Region, deal.Stage], reader => new WonCase(
            reader.GetGuid(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), Text(reader, 3), Text(reader, 4),
                Text(reader, 5),
            Money.Of(reader.GetDecimal(6), reader.GetString(7)), reader.GetBoolean(8)), ct);

    private static CitedDeal Cited(Fitting<WonCase> one, ReviewList.Row learned) => new(
        one.Source.Id, one.Source.Revision, one.Source.WonAt, one.Score, one.Parts, KnowledgeAnswer.Of(learned).Answers);

    private static string IdOf(ReadModel model) => ModelTables.Of(model).Id;

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>One question in one snapshot. Parameters: 1 tenant, 2 as of, 3 known at, 4 the deal.</summary>
    private sealed record Asking(NpgsqlConnection Connection, string Tenant, Lens Lens, long Known, Guid Deal)
    {
        public async Task<IReadOnlyList<TRow>> Rows<TRow>(ModelReader<TRow> model, string where, Guid[]? ids,
            CancellationToken ct) where TRow : class
        {
            await using var command = Command($"select {model.Columns} from {model.Rows(Lens.Rewound)} r where {where}");
            if (ids is not null)
            {
                command.Parameters.AddWithValue(ids);
            }

            await using var reader = await command.ExecuteReaderAsync(ct);
            return await model.Read(reader, ct);
        }

        public async Task<IReadOnlyList<T>> Read<T>(string sql, IEnumerable<string?> with, Func<NpgsqlDataReader, T> row,
            CancellationToken ct)
        {
            await using var command = Command(sql);
            FigureParameters.Add(command, with, owners: null);
            var found = new List<T>();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                found.Add(row(reader));
            }

            return found;
        }

        public async Task<string?> Industry(Guid? customer, CancellationToken ct) => customer is null ? null : (await Read(
            $"select c.industry from {Customers.Rows(Lens.Rewound)} c where c.customer_id = $5::uuid", [customer.ToString()],
            reader => Text(reader, 0), ct)).SingleOrDefault();

        private NpgsqlCommand Command(string sql)
        {
            var command = new NpgsqlCommand(sql, Connection);
            foreach (var value in (object[])[Tenant, Lens.Until.ToUniversalTime(), Known, Deal])
            {
                command.Parameters.AddWithValue(value);
            }

            return command;
        }
    }
}
