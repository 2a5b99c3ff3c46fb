using Crm.Api.Http;
using Crm.Domain.Commitments;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Commitments;
using Npgsql;

namespace Crm.Api.Commitments;

/// <summary>Reads which promises clash, as of any moment. A clash is no fact: it follows from the promises and plans that stand.</summary>
public sealed class Clashes(Queries queries)
{
    private static readonly ModelReader<CommitmentList.Row> Promises = new(Catalog.Commitments);
    private static readonly ModelReader<DeliveryPlanList.Row> Plans = new(Catalog.DeliveryPlans);

    /// <param name="products">Only of these; null is all.</param>
    /// <param name="least">A position that the answer has to show.</param>
    internal Task<(IReadOnlyList<CommitmentClash> Clashes, long Position)> Of(
        string tenant, IReadOnlyCollection<string>? products, Lens lens, PositionToken? least, CancellationToken ct) =>
        queries.Read(tenant, [Catalog.Commitments, Catalog.DeliveryPlans], lens, least, async (connection, known) =>
        {
            var promises = await Rows(Promises, PromisesSql(lens.Rewound), connection, ct);
            var plans = await Rows(Plans, PlansSql(lens.Rewound), connection, ct);
            return CommitmentClash.Among([.. promises.Select(Standing)], plans.Select(Span));

            async Task<IReadOnlyList<TRow>> Rows<TRow>(ModelReader<TRow> reader, string sql, NpgsqlConnection to,
                CancellationToken ct) where TRow : class
            {
                await using var command = new NpgsqlCommand(sql, to);
                command.Parameters.AddWithValue(tenant);
                if (lens.Rewound)
                {
                    command.Parameters.AddWithValue(lens.Until.ToUniversalTime());
                    command.Parameters.AddWithValue(known);
                }

                command.Parameters.Add(new NpgsqlParameter
                {
                    Value = (object?)products?.ToArray() ?? DBNull.Value,
                    NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text
                });
                await using var found = await command.ExecuteReaderAsync(ct);
                return await reader.Read(found, ct);
            }
        }, ct);

    // Deliveries that were kept count only where a plan is measured by them.
    private static string PromisesSql(bool rewound) => $"""
        select {Promises.Columns} from {Promises.Rows(rewound)} r
        where r.made_at is not null and r.product is not null and {OfProducts(rewound)}
          and (r.state = '{CommitmentList.Open}'
            or (r.state = '{CommitmentList.Kept}' and r.kind = '{CommitmentClash.Delivery}' and r.quantity is not null and exists (
                select from {Plans.Rows(rewound)} p where p.product = r.product and r.due_at >= p.starts_at and r.due_at < p.ends_at)))
        """;

    private static string PlansSql(bool rewound) => $"select {Plans.Columns} from {Plans.Rows(rewound)} r where {OfProducts(rewound)}";

    private static string OfProducts(bool rewound) =>
        rewound ? "($4::text[] is null or r.product = any($4))" : "($2::text[] is null or r.product = any($2))";

    private static StandingPromise Standing(CommitmentList.Row r) => new(
        r.CommitmentId, r.CustomerId!.Value, r.Kind!, r.Product!, r.Quantity, r.Terms, r.DueAt!.Value, r.Rep!,
        r.State == CommitmentList.Open,
        r.Beside.Select(Guid.Parse).ToHashSet());

    private static PlannedSpan Span(DeliveryPlanList.Row r) => new(r.PlanId, r.Product, r.StartsAt, r.EndsAt, r.Quantity);
}
