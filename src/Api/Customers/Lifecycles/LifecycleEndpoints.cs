using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Customers;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Customers;
using Npgsql;

namespace Crm.Api.Customers.Lifecycles;

/// <summary>How far customers have come with us over HTTP: tags, which rules ask, and how many are in each stage.</summary>
public static class LifecycleEndpoints
{
    private static readonly ModelReader<CustomerList.Row> Customers = new(Catalog.Customers);

    public static void MapLifecycles(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers").ChangedByThoseWhoSee("customer");

        customers.MapPost("/{id:guid}/tags", (
            Guid id, Body<TagCustomerRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(CustomerDecider.Instance, id, new TagCustomer(body.Value.Add, body.Value.Remove),
                incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.CustomersWrite).WithName("tagCustomer").WithSummary("Put tags on a customer, and take others off");

        app.MapGet("/reports/lifecycle", async (
            Query<LifecycleQuestion> query, Caller by, Headers headers, IfNoneMatch held, CurrentPlaybook playbooks, Queries queries,
            CancellationToken ct) =>
        {
            FigureSight.MustSee(by, ["customer"], [], "lifecycle");
            var lens = await queries.Lens(query.Value.Times, by.Zone, ct);
            var (counted, shown) = await queries.Read(by.Tenant, Catalog.Customers, lens, headers.MinPosition,
                (connection, known) => Count(connection, by.Tenant, lens, known, ct), ct);
            var moment = lens.AsOf ?? lens.KnownAt ?? playbooks.Clock.GetUtcNow();
            var history = lens.Position is { } upTo
                ? await playbooks.AsKnown(by.Tenant, upTo, ct) : await playbooks.History(by.Tenant, ct);
            var playbook = history.At(moment);
            var stages = playbook.Document?.Lifecycle?.Stages ?? [];

            // Stages that another playbook named are known by their keys alone.
            var gone = counted.Keys.Where(key => key != "" && stages.All(stage => stage.Key != key)).Order(StringComparer.Ordinal);
            var answer = new LifecycleAnswer(
                lens.AsOf, lens.KnownAt, shown, Catalog.Customers.Version, playbook.Version, counted.Values.Sum(),
                counted.GetValueOrDefault(""),
                [
                    .. stages.Select(stage => new CustomersInStage(stage.Key, stage.Name, counted.GetValueOrDefault(stage.Key))),
                    .. gone.Select(key => new CustomersInStage(key, Name: null, counted[key]))
                ]);
            var position = queries.Token(shown);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position, playbook.Version), held);
        }).WithTags("Reports").Produces<LifecycleAnswer>().Needs(Functions.CustomersRead).Costs(5).WithName("getLifecycle")
            .WithSummary("How many customers are in each stage of their lifecycle, now or as of any moment");
    }

    // Those in none under no name.
    private static async Task<IReadOnlyDictionary<string, long>> Count(
        NpgsqlConnection connection, string tenant, Lens lens, long known, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select coalesce(c.lifecycle, ''), count(*) from {Customers.Rows(lens.Rewound)} c where c.registered_at is not null group by 1
            """, connection);
        object[] values = lens.Rewound ? [tenant, lens.Until.ToUniversalTime(), known] : [tenant];
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        var counted = new Dictionary<string, long>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            counted.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return counted;
    }
}

/// <param name="Add">Tags that it has from now on, as well.</param>
/// <param name="Remove">Tags that it has no more.</param>
public sealed record TagCustomerRequest(
    [Field("tags"), Items(20), Text(TagCustomer.LongestTag)] IReadOnlyList<string>? Add = null,
    [Field("tags"), Items(50), Text(TagCustomer.LongestTag)] IReadOnlyList<string>? Remove = null, DateTimeOffset? OccurredAt = null);

public sealed record LifecycleQuestion(Times Times);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="PlaybookVersion">The playbook that names the stages: the one in force at that moment.</param>
/// <param name="Total">How many customers there are.</param>
/// <param name="InNone">How many are in no stage.</param>
/// <param name="Stages">In the order of the playbook; behind them stages that it does not name any more.</param>
public sealed record LifecycleAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, long PlaybookVersion, long Total, long InNone,
    IReadOnlyList<CustomersInStage> Stages);

/// <param name="Name">Null where the playbook does not name the stage any more.</param>
public sealed record CustomersInStage(string Stage, string? Name, long Customers);
