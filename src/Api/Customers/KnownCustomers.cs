using Crm.Domain;
using Crm.Domain.Customers;

namespace Crm.Api.Customers;

/// <summary>Keeps links to customers from pointing at nothing.</summary>
public sealed class KnownCustomers(Commands commands)
{
    /// <exception cref="Rejection"><c>customer.unknown</c>, of the member <c>customerId</c>.</exception>
    public async Task MustExist(string tenant, Guid? customer, CancellationToken ct)
    {
        if (customer is { } id && (await commands.Latest(CustomerDecider.Instance, tenant, id, ct)).State.Registered is null)
        {
            throw Rejection.BrokenRule("customer.unknown", "There is no such customer.", "customerId");
        }
    }
}
