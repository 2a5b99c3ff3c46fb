using Crm.Domain;
using Crm.Domain.Knowledge;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Customers;
using Crm.Projections.Knowledge;
using Crm.Projections.Opportunities;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Api.FollowUps;

/// <summary>
/// What help for a deal is chosen from, in one snapshot. However much a tenant has gathered, no more of it is read than can be compared
/// while somebody waits.
/// </summary>
internal sealed record FollowUpSources(NpgsqlConnection Connection, string Tenant, Lens Lens, long Known, Guid Id)
{
    /// <summary>Of what fits as much, no more are compared.</summary>
    public const int MostCompared = 500;

    // Those tagged for another deal do not serve. Parameters: 5 competitor, 6 product, 7 stage, 8 industry.
    private const string Serves = """
        r.written_at is not null and r.retired_at is null and (r.competitor is null or r.competitor = $5)
        and (r.product is null or r.product = $6) and (r.stage is null or r.stage = $7) and (r.industry is null or r.industry = $8)
        """;

    private const string Fit = "num_nonnulls(r.competitor, r.product, r.stage, r.industry)";

    private static readonly ModelReader<OpportunityList.Row> Deals = new(Catalog.Opportunities);
    private static readonly ModelReader<CustomerList.Row> Customers = new(Catalog.Customers);
    private static readonly ModelReader<ArticleList.Row> Articles = new(Catalog.Articles);
    private static readonly ModelReader<ReviewList.Row> Reviews = new(Catalog.Reviews);

    public async Task<OpportunityList.Row?> Deal(CancellationToken ct) => (await Rows(
        Deals, $"select {Deals.Columns} from {Deals.Rows(Lens.Rewound)} r where r.{IdOf(Catalog.Opportunities)} = $4", [], ct))
        .SingleOrDefault();

    public async Task<string?> Industry(Guid? customer, CancellationToken ct) => customer is null ? null : (await Read(
        $"select c.industry from {Customers.Rows(Lens.Rewound)} c where c.customer_id = $5::uuid", [customer.ToString()],
        reader => Text(reader, 0), ct)).SingleOrDefault();

    /// <summary>What was learned from deals, by deal.</summary>
    public async Task<IReadOnlyDictionary<Guid, ReviewList.Row>> Learned(Guid[] deals, CancellationToken ct) => (await Rows(
        Reviews, $"select {Reviews.Columns} from {Reviews.Rows(Lens.Rewound)} r where r.{IdOf(Catalog.Reviews)} = any($5)", [deals], ct))
        .ToDictionary(row => row.OpportunityId);

    /// <summary>Of each kind the articles that fit best: no others can be chosen.</summary>
    public Task<IReadOnlyList<UsableArticle>> MostFitting(DealSituation deal, int most, CancellationToken ct) => Usable($"""
        select {Articles.Columns} from (
            select r.*, row_number() over (partition by r.kind order by {Fit} desc, r.article_id) as place
            from {Articles.Rows(Lens.Rewound)} r where {Serves}) r
        where r.place <= {most}
        """, deal, ct);

    /// <summary>The articles that serve, of too many those that fit best and of these those that were written last; and how many there
    /// are.</summary>
    public async Task<(IReadOnlyList<UsableArticle> Articles, int There)> Fitting(DealSituation deal, CancellationToken ct)
    {
        var found = await Usable($"""
            select {Articles.Columns} from {Articles.Rows(Lens.Rewound)} r where {Serves}
            order by {Fit} desc, coalesce(r.revised_at, r.written_at) desc, r.article_id limit {MostCompared}
            """, deal, ct);
        return (found, found.Count < MostCompared ? found.Count
            : (await Read($"select count(*) from {Articles.Rows(Lens.Rewound)} r where {Serves}", Tags(deal),
                reader => (int)reader.GetInt64(0), ct))[0]);
    }

    /// <summary>
    /// Deals that were won and are alike in something; in its amount or stage alone is not enough. Of too many those that are most alike in
    /// industry, product and region, and of these those that were won last; and how many there are.
    /// </summary>
    public async Task<(IReadOnlyList<WonCase> Cases, int There)> Won(DealSituation deal, CancellationToken ct)
    {
        string?[] situation = [deal.Industry, deal.Product, deal.Region, deal.Stage];
        var from = $"""
            from {Reviews.Rows(Lens.Rewound)} r join {Deals.Rows(Lens.Rewound)} d using (opportunity_id)
            where r.reviewed_at is not null and r.flag is null and r.status = 'won' and d.opened_at is not null and d.signed_at is not null
              and r.opportunity_id <> $4 and (r.industry = $5 or r.product = $6 or r.region = $7)
            """;
        var found = await Read($"""
            select c.opportunity_id, c.revision, c.signed_at, c.industry, c.product, c.region, c.amount, c.currency,
                   exists (select from {ModelTables.Of(Catalog.Opportunities).History} h
                           where h.tenant_id = $1 and h.opportunity_id = c.opportunity_id and h.stage = $8 and h.status = 'open'
                             and h.at < $2 and h.from_position <= $3 and (h.to_position is null or h.to_position > $3) and h.is_there)
            from (
                select r.opportunity_id, r.revision, d.signed_at, r.industry, r.product, r.region, d.amount, d.currency {from}
                order by 3 * coalesce((r.industry = $5)::int, 0) + 3 * coalesce((r.product = $6)::int, 0)
                         + coalesce((r.region = $7)::int, 0) desc, d.signed_at desc, r.opportunity_id
                limit {MostCompared}) c
            """, situation, reader => new WonCase(
                reader.GetGuid(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), Text(reader, 3), Text(reader, 4),
                Text(reader, 5), Money.Of(reader.GetDecimal(6), reader.GetString(7)), reader.GetBoolean(8)), ct);
        return (found, found.Count < MostCompared ? found.Count
            : (await Read($"select count(*) {from}", situation, reader => (int)reader.GetInt64(0), ct))[0]);
    }

    private async Task<IReadOnlyList<UsableArticle>> Usable(string sql, DealSituation deal, CancellationToken ct) =>
    [
        .. (await Rows(Articles, sql, Tags(deal), ct)).Select(row => new UsableArticle(
            row.ArticleId, row.Revision, row.Kind!, row.Title!, row.Text!, row.Industry, row.Product, row.Competitor, row.Stage))
    ];

    private static string?[] Tags(DealSituation deal) => [deal.Competitor, deal.Product, deal.Stage, deal.Industry];

    private async Task<IReadOnlyList<TRow>> Rows<TRow>(ModelReader<TRow> model, string sql, object?[] with, CancellationToken ct)
        where TRow : class
    {
        await using var command = Command(sql, with);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await model.Read(reader, ct);
    }

    private async Task<IReadOnlyList<T>> Read<T>(string sql, object?[] with, Func<NpgsqlDataReader, T> row, CancellationToken ct)
    {
        await using var command = Command(sql, with);
        var found = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            found.Add(row(reader));
        }

        return found;
    }

    // Parameters: 1 tenant, 2 as of, 3 known at, 4 the deal; then those that the question has itself.
    private NpgsqlCommand Command(string sql, object?[] with)
    {
        var command = new NpgsqlCommand(sql, Connection);
        foreach (var value in (object?[])[Tenant, Lens.Until.ToUniversalTime(), Known, Id, .. with])
        {
            command.Parameters.Add(value is null or string
                ? new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }
                : new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static string IdOf(EventModel.ReadModel model) => ModelTables.Of(model).Id;

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
