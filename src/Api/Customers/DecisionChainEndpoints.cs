using Crm.Api.Access;
using Crm.Api.Contacts;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.EventModel;

namespace Crm.Api.Customers;

/// <summary>Decision chains over HTTP: of a customer, of an opportunity, and whoever has a role anywhere.</summary>
public static class DecisionChainEndpoints
{
    public static void MapDecisionChains(this IEndpointRouteBuilder app)
    {
        app.MapGet("/customers/{id:guid}/decision-chain", (
            Guid id, Query<OneQuestion> query, Caller by, Headers headers, IfNoneMatch held, Queries queries, DecisionChains chains,
            CancellationToken ct) =>
            Chain(CustomerAnswer.List, row => row.CustomerId, CustomerEndpoints.Missing(), id, query.Value.Times, by, headers, held,
                queries, chains, ct))
            .WithTags("Customers").Produces<DecisionChainAnswer>().Needs(Functions.ContactsRead).WithName("getCustomerDecisionChain")
            .WithSummary("Who has which part in a customer's decisions, how complete that is, and how it changed, now or as of any moment");

        app.MapGet("/opportunities/{id:guid}/decision-chain", (
            Guid id, Query<OneQuestion> query, Caller by, Headers headers, IfNoneMatch held, Queries queries, DecisionChains chains,
            CancellationToken ct) =>
        {
            FieldSight.MustSee(by, "opportunity", "customerId");
            return Chain(OpportunityAnswer.List, row => row.CustomerId, OpportunityEndpoints.Missing(), id, query.Value.Times, by, headers,
                held, queries, chains, ct);
        }).WithTags("Opportunities").Produces<DecisionChainAnswer>().Needs(Functions.ContactsRead).WithName("getOpportunityDecisionChain")
            .WithSummary("The decision chain of the customer that an opportunity is with, now or as of any moment");

        app.MapGet("/buying-roles", (
            Query<Paged<BuyingRoleQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
        {
            FieldSight.MustSee(by, "contact", "buyingRole");
            return lists.Page(BuyingRoleAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct);
        }).WithTags("Contacts").Produces<PageOf<BuyingRoleAnswer>>().Needs(Functions.ContactsRead).WithName("listBuyingRoles")
            .WithSummary("Who has which role in whose decisions, since when, newest first, now or as of any moment");
    }

    private static async Task<IResult> Chain<TRow, TAnswer>(
        RecordList<TRow, TAnswer> list, Func<TRow, Guid?> customerOf, Rejection missing, Guid id, Times times, Caller by, Headers headers,
        IfNoneMatch held, Queries queries, DecisionChains chains, CancellationToken ct) where TRow : class
    {
        MustReadAll(by, list.Name);
        FigureSight.MustSee(by, ["contact"], [], "buyingRole", "customerId");
        var lens = await queries.Lens(times, by.Zone, ct);
        if (await queries.One(list.Rows.Model, by.Tenant, id, lens, ct) is not var (row, _) || !list.Holds(by.Sight, row))
        {
            throw lens.Missing(missing);
        }

        var customer = customerOf(row) ?? throw lens.Missing(Rejection.Unknown(
            "opportunity.no-customer", "This opportunity is with no customer yet."));
        var answer = await chains.Answer(by, customer, lens, headers.MinPosition, ct);
        var position = queries.Token(answer.Position);
        return new Positioned(answer, position, WeakTag.Of(held.Request, by, position, answer.CustomerId, answer.PlaybookVersion), held);
    }

    // What is told of a record takes the right to read the record, too.
    private static void MustReadAll(Caller by, string record)
    {
        if (SubjectSight.FunctionFor(record) is { } function && !by.Rights.Functions.Contains(function))
        {
            throw Refusal.NotPermitted(function);
        }
    }
}
