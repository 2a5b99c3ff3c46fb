using Crm.Api.Access;
using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Projections;

namespace Crm.Api.Customers.Journeys;

/// <summary>A customer's journey over HTTP: one timeline that all departments share.</summary>
public static class JourneyEndpoints
{
    public static void MapJourneys(this IEndpointRouteBuilder app) =>
        app.MapGet("/customers/{id:guid}/journey", async (
            Guid id, Query<JourneyQuestion> query, Caller by, Headers headers, IfNoneMatch held, CustomerJourney journeys, Queries queries,
            CancellationToken ct) =>
        {
            var q = query.Value;
            Queries.MustFollow("from", q.From, "until", q.Until, by.Zone);
            var lens = await queries.Lens(q.Times, by.Zone, ct);
            var page = await journeys.Page(by, id, q, lens, headers.MinPosition, Language.Of(q.Lang, held.Request), ct)
                ?? throw lens.Missing(CustomerEndpoints.Missing());
            var position = queries.Token(page.Position);
            return new Positioned(page, position,
                WeakTag.Of(held.Request, by, position, by.Rights.Functions.Order(StringComparer.Ordinal)), held)
            { Links = PageLinks.Of(held.Request, page.NextCursor) };
        }).WithTags("Customers").Produces<JourneyAnswer>().Needs(Functions.CustomersRead).Costs(5).WithName("getCustomerJourney")
            .WithSummary("What marketing, sales, product and service had to do with a customer, newest first, now or as of any moment");
}

/// <param name="Department">Only what has to do with this one.</param>
/// <param name="Kind">Only these stored names of events, comma-separated: <c>ticket_opened,ticket_solved</c>.</param>
/// <param name="From">What happened at this moment or later.</param>
/// <param name="Until">What happened before this moment.</param>
/// <param name="Lang">The language of the sentences, <c>en</c> or <c>zh-CN</c>; otherwise as <c>Accept-Language</c> says.</param>
public sealed record JourneyQuestion(
    Page Page, Times Times, JourneyDepartment? Department = null, string? Kind = null, Moment? From = null, Moment? Until = null,
    string? Lang = null) : IChecked
{
    private static readonly IReadOnlyList<string> Known = JourneyFeeds.Kinds(EventCatalog.Types);

    public IReadOnlyList<string> Kinds => Asked.Split(Kind) ?? [];

    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (Kinds.Except(Known).FirstOrDefault() is { } stranger)
        {
            yield return (
                "kind", Code.NotOneOf, $"There is no '{Place.Echo(stranger)}' on a journey; there are {string.Join(", ", Known)}.");
        }

        if (Language.Fault(Lang) is { } message)
        {
            yield return ("lang", Code.NotOneOf, message);
        }
    }
}

/// <summary>Something that happened between a customer and us.</summary>
/// <param name="Id">The event; <c>touchId</c> of a product request that is made from it.</param>
/// <param name="Feed"><c>campaign</c>, <c>sales</c>, <c>product-request</c> or <c>ticket</c>.</param>
/// <param name="Department"><c>marketing</c>, <c>sales</c>, <c>product</c> or <c>service</c>.</param>
/// <param name="Kind">The stored name of the event.</param>
/// <param name="By">Who said so, a member or a program.</param>
/// <param name="Team">The team that this member is in now.</param>
/// <param name="What">All of it in one sentence, as the record's history tells it; times in the tenant's zone.</param>
/// <param name="Record">What people call the record that it happened to.</param>
/// <param name="Links">Where that record is, as <c>record</c>; the <c>order</c> that a ticket is about; the entry that a product request
/// is <c>madeFrom</c>.</param>
public sealed record JourneyEntry(
    Guid Id, DateTimeOffset At, DateTimeOffset RecordedAt, JourneyFeed Feed, JourneyDepartment Department, string Kind, string? By,
    string? Team, string What, string? Record, IReadOnlyDictionary<string, string> Links);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the page shows.</param>
/// <param name="Items">The newest first, of those that you may read.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
/// <param name="IsCut">Whether there are more than 20,000 facts: only those that were recorded last are looked at then; older ones are with
/// an earlier <c>knownAt</c>.</param>
public sealed record JourneyAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, IReadOnlyList<JourneyEntry> Items, string? NextCursor, bool IsCut);
