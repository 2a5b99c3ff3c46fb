using Crm.Api.Access;
using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Visits;

/// <summary>Visits over HTTP: what phones tell of them, what speaks against them, and where customers are.</summary>
public static class VisitEndpoints
{
    public static void MapVisits(this IEndpointRouteBuilder app)
    {
        var visits = app.MapGroup("/visits").WithTags("Visits");

        visits.MapPost("/sync", (Body<SyncVisitsRequest> body, Caller by, HttpContext context, VisitDesk desk, CancellationToken ct) =>
            desk.Sync(body.Value, by, context.TraceIdentifier, ct))
            .Produces<SyncVisitsAnswer>().Costs(20).Needs(Functions.VisitsWrite).WithName("syncVisits")
            .WithSummary("Tell of visits that were made on the way, each with a result of its own");

        visits.MapGet("/", async (
            Query<VisitsQuestion> query, Caller by, Headers headers, IfNoneMatch held, VisitReader visits, Queries queries,
            CancellationToken ct) =>
        {
            FigureSight.MustSee(by, ["lead", "opportunity", "customer"], [], "touches");
            var answer = await visits.Of(by, query.Value, headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position), held);
        }).Produces<VisitsAnswer>().Needs(Functions.VisitsRead).Costs(5).WithName("listVisits")
            .WithSummary("Visits that phones told of, how far from the address they were, and what speaks against them");

        var customers = app.MapGroup("/customers").WithTags("Visits").ChangedByThoseWhoSee("customer");

        customers.MapPost("/{id:guid}/location", (
            Guid id, Body<LocateCustomerRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(CustomerDecider.Instance, id, new LocateCustomer(body.Value.Place), incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.CustomersWrite).WithName("locateCustomer")
            .WithSummary("Say where a customer is, for those who go there");

        customers.MapGet("/{id:guid}/location", async (
            Guid id, Query<OneQuestion> query, Caller by, Headers headers, IfNoneMatch held, Records records, VisitReader visits,
            Queries queries, Store store, CancellationToken ct) =>
        {
            var (lens, events) = await records.Stream<ICustomerEvent>(
                CustomerAnswer.List, by, id, query.Value.Times, CustomerEndpoints.Missing(), ct);
            var located = FoldOrder.Of(events, store.Types)
                .LastOrDefault(fact => fact.OccurredAt < lens.Until && fact.Data is CustomerLocated);
            var (guess, shown) = await visits.Guess(by, id, lens, headers.MinPosition, ct);
            guess = IsProposedTo(by, lens) ? guess : null;
            var (where, position) = (located?.Data as CustomerLocated, queries.Token(shown));
            var answer = new LocationAnswer(
                id, where?.Latitude, where?.Longitude, located?.OccurredAt,
                guess is null ? null : new(guess.Place.Latitude, guess.Place.Longitude, guess.Visits, guess.FarthestMetres));
            return new Positioned(
                answer, position, WeakTag.Of(held.Request, by, position, events[^1].Version, IsProposedTo(by, lens)), held);
        }).Produces<LocationAnswer>().Needs(Functions.VisitsRead).Costs(5).WithName("getCustomerLocation")
            .WithSummary("Where a customer is, and where it seems to be by the visits to it");
    }

    // To whoever can take it over; and as it stands, since from one moment to the next it moves to where a single visit was.
    private static bool IsProposedTo(Caller by, Lens lens) =>
        !lens.Rewound && by.Rights.Functions.Contains(Functions.CustomersWrite) && !by.Sight.Hides("customer", "place");
}

/// <param name="Latitude">In degrees of WGS 84; with neither of the two nobody knows any more.</param>
/// <param name="Longitude">Likewise.</param>
public sealed record LocateCustomerRequest(
    [Domain.Degrees(90)] double? Latitude = null, [Domain.Degrees(180)] double? Longitude = null, DateTimeOffset? OccurredAt = null)
        : IChecked
{
    internal GeoPoint? Place => Latitude is { } latitude && Longitude is { } longitude ? new(latitude, longitude) : null;

    public IEnumerable<(string Member, string Code, string Message)> Check() => Latitude is null == Longitude is null ? []
        : [(Latitude is null ? "latitude" : "longitude", Code.Missing, "A place has a latitude and a longitude; send both, or neither.")];
}

/// <param name="Latitude">In degrees of WGS 84; null where nobody has said where it is.</param>
/// <param name="Longitude">Likewise.</param>
/// <param name="Since">Since when that was said.</param>
/// <param name="Proposed">Where it seems to be; null by fewer than three visits whose position was known well enough, for a past moment, and
/// for who may not say where it is.</param>
public sealed record LocationAnswer(Guid Id, double? Latitude, double? Longitude, DateTimeOffset? Since, ProposedLocation? Proposed);

/// <param name="Latitude">The middle one of the latitudes of those visits, to a thousandth of a degree.</param>
/// <param name="Longitude">The middle one of their longitudes, likewise.</param>
/// <param name="Visits">By how many, the last fifty at most.</param>
/// <param name="FarthestMetres">How far the farthest of them was from it.</param>
public sealed record ProposedLocation(double Latitude, double Longitude, int Visits, int FarthestMetres);
