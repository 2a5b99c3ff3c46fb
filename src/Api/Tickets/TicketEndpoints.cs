using Crm.Api.Access;
using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Domain.Tickets;
using Crm.EventStore.Sealing;

namespace Crm.Api.Tickets;

/// <summary>What customers want of our service over HTTP: opened, here or elsewhere, answered, solved.</summary>
public static class TicketEndpoints
{
    public static void MapTickets(this IEndpointRouteBuilder app)
    {
        var tickets = app.MapGroup("/tickets").WithTags("Tickets").ChangedByThoseWhoSee("ticket");

        tickets.MapPost("/", async (
            Body<OpenTicketRequest> body, Incoming incoming, KnownCustomers customers, KnownOrders orders, Sealer sealer, Writes writes,
            CancellationToken ct) =>
        {
            var (r, tenant) = (body.Value, incoming.By.Tenant);
            await customers.MustExist(tenant, r.CustomerId, ct);
            await orders.MustBeOf(tenant, r.CustomerId, r.OrderId, ct);
            var seal = new Seal(sealer, tenant, person: r.CustomerId, isNew: false, ct);
            var command = new OpenTicket(r.CustomerId, r.Title, await seal.Of(r.Text), r.Product, r.OrderId, r.Agent);
            var call = incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created) with { PersonKeys = seal.Made };
            return await writes.Send(TicketDecider.Instance, Guid.CreateVersion7(), command, call, ct, createdUnder: "/api/v1/tickets");
        }).Creates().Needs(Functions.TicketsWrite).WithName("openTicket").WithSummary("Record what a customer wants of our service");

        tickets.MapPut("/by-external/{system}/{externalId}", (
            string system, string externalId, Body<UpsertTicketRequest> body, Incoming incoming, TicketUpsert upsert,
            CancellationToken ct) =>
            upsert.Send(system, externalId, body, incoming, ct))
            .Creates().Needs(Functions.TicketsWrite).WithName("upsertTicketByExternalId")
            .WithSummary("Change the ticket that another system calls so, or open it");

        tickets.MapPost("/{id:guid}/assignment", (
            Guid id, Body<AssignTicketRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(TicketDecider.Instance, id, new AssignTicket(body.Value.Agent, body.Value.Reason),
                incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.TicketsWrite).WithName("assignTicket").WithSummary("Give a ticket to somebody, or to nobody");

        tickets.MapPost("/{id:guid}/answers", async (
            Guid id, Body<AnswerTicketRequest> body, Incoming incoming, Commands commands, Sealer sealer, Writes writes,
            CancellationToken ct) =>
        {
            var (r, seal) = (body.Value, await Seal(id, incoming, commands, sealer, ct));
            var call = incoming.Call(body, r.OccurredAt);
            var command = new AnswerTicket(r.Id ?? call.NewId("answer"), await seal.Required(r.Text));
            return await writes.Send(TicketDecider.Instance, id, command, call with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.TicketsWrite).WithName("answerTicket").WithSummary("Record what a customer was answered");

        tickets.MapPost("/{id:guid}/solution", async (
            Guid id, Body<SolveTicketRequest> body, Incoming incoming, Commands commands, Sealer sealer, Writes writes,
            CancellationToken ct) =>
        {
            var seal = await Seal(id, incoming, commands, sealer, ct);
            var command = new SolveTicket(await seal.Of(body.Value.Note));
            return await writes.Send(
                TicketDecider.Instance, id, command, incoming.Call(body, body.Value.OccurredAt) with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.TicketsWrite).WithName("solveTicket").WithSummary("Record that a ticket is solved");

        tickets.MapPost("/{id:guid}/reopening", (
            Guid id, Body<ReopenTicketRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(TicketDecider.Instance, id, new ReopenTicket(body.Value.Reason), incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.TicketsWrite).WithName("reopenTicket").WithSummary("Say that a ticket is not solved after all");

        tickets.MapGet("/{id:guid}", (
            Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(TicketAnswer.List, by, id, query.Value, held, TicketDecider.Unknown(), ct))
            .Produces<TicketAnswer>().Needs(Functions.TicketsRead).WithName("getTicket").WithSummary("One ticket, now or as of any moment");

        tickets.MapGet("/{id:guid}/events", (
            Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<ITicketEvent>(TicketAnswer.List, by, id, query.Value.Times, held, TicketDecider.Unknown(), ct))
            .Produces<EventList>().Needs(Functions.TicketsRead).WithName("getTicketEvents")
            .WithSummary("What happened to a ticket, in the order of recording");

        tickets.MapGet("/", (
            Query<Paged<TicketQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(TicketAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<TicketAnswer>>().Needs(Functions.TicketsRead).WithName("listTickets")
            .WithSummary("Tickets, newest first, now or as of any moment");
    }

    // What is said of a ticket is sealed for its customer.
    private static async Task<Seal> Seal(Guid id, Incoming incoming, Commands commands, Sealer sealer, CancellationToken ct)
    {
        var tenant = incoming.By.Tenant;
        var opened = (await commands.Latest(TicketDecider.Instance, tenant, id, ct)).State.Opened ?? throw TicketDecider.Unknown();
        return new Seal(sealer, tenant, person: opened.CustomerId, isNew: false, ct);
    }
}
