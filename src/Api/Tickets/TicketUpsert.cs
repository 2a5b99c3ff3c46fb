using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Tickets;
using Crm.EventStore.Sealing;

namespace Crm.Api.Tickets;

/// <summary>
/// Changes the ticket that another system calls so, or opens it, in one append. Its id follows from the name, so those who say it at once
/// speak of the same.
/// </summary>
public sealed class TicketUpsert(Commands commands, KnownCustomers customers, KnownOrders orders, Sealer sealer, Writes writes)
{
    public async Task<IResult> Send(
        string system, string externalId, Body<UpsertTicketRequest> body, Incoming incoming, CancellationToken ct)
    {
        FieldSight.MustSee(incoming.By, "ticket", "externalId");
        MustName(system, 60, "system");
        MustName(externalId, 200, "externalId");
        var (r, tenant) = (body.Value, incoming.By.Tenant);
        await customers.MustExist(tenant, r.CustomerId, ct);
        await orders.MustBeOf(tenant, r.CustomerId, r.OrderId, ct);
        var id = StreamId.From(tenant, TicketIds.Kind(system), externalId);
        var seal = new Seal(sealer, tenant, person: r.CustomerId, isNew: false, ct);
        var text = (await commands.Latest(TicketDecider.Instance, tenant, id, ct)).State.Opened is null ? await seal.Of(r.Text) : null;
        var call = incoming.Call(body, r.OccurredAt) with { PersonKeys = seal.Made };
        var written = await commands.Send(call, async fresh =>
        {
            var (asAt, latest) = await commands.State(
                TicketDecider.Instance, tenant, id, default(ITicketCommand)!, call.OccurredAt, ct, fresh);
            var isNew = ((Ticket)latest.State).Opened is null;
            IReadOnlyList<ITicketEvent> events = isNew
                ? Commands.Decide<Ticket, ITicketCommand, ITicketEvent>(TicketDecider.Instance, asAt, latest, new OpenTicket(
                    r.CustomerId, r.Title, text, r.Product, r.OrderId, r.Agent, system, externalId))
                : Changed((Ticket)asAt.State, r);
            return new Decision(latest.Version, [new Part(
                id, TicketDecider.Instance.StreamType, latest, events, (s, e) => Ticket.Evolve((Ticket)s, (ITicketEvent)e))])
            {
                Status = (short)(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            };
        }, playbookVersion: null, ct);
        return writes.Answer(written, written.Status == StatusCodes.Status201Created ? "/api/v1/tickets" : null);
    }

    private static IReadOnlyList<ITicketEvent> Changed(Ticket state, UpsertTicketRequest r)
    {
        if (state.Opened is { } opened && opened.CustomerId != r.CustomerId)
        {
            throw Rejection.WrongState("ticket.opened", "This ticket is another customer's.");
        }

        IReadOnlyList<ITicketEvent> assigned = r.Agent is null ? [] : TicketDecider.Decide(state, new AssignTicket(r.Agent));
        return [.. TicketDecider.Decide(state, new ChangeTicket(r.Title, r.Product, r.OrderId)), .. assigned];
    }

    private static void MustName(string text, int most, string parameter)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > most || text.Any(char.IsControl))
        {
            throw Problem.Invalid(
                [Fault.InQuery(parameter, Code.BadText, $"Send 1 to {most} characters, none of them control characters.")]);
        }
    }
}
