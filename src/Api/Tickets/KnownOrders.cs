using Crm.Domain;
using Crm.Domain.Orders;

namespace Crm.Api.Tickets;

/// <summary>Keeps tickets from being about what their customer never ordered.</summary>
public sealed class KnownOrders(Commands commands)
{
    /// <exception cref="Rejection"><c>ticket.other-order</c>.</exception>
    public async Task MustBeOf(string tenant, Guid customer, Guid? order, CancellationToken ct)
    {
        if (order is { } id && (await commands.Latest(OrderDecider.Instance, tenant, id, ct)).State.Signed?.CustomerId != customer)
        {
            throw Rejection.BrokenRule("ticket.other-order", "This is no order of the ticket's customer.", "orderId");
        }
    }
}
