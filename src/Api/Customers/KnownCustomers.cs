using Crm.Domain;
using Crm.Domain.Customers;

namespace Crm.Api.Customers;

/// <summary>Keeps links to customers from pointing at nothing.</summary>
public sealed class KnownCustomers(Commands commands)
{
    /// <param name="member">The member of the request that names the customer.</param>
    /// <exception cref="Rejection"><c>customer.unknown</c>, of that member.</exception>
    public async Task MustExist(string tenant, Guid? customer, CancellationToken ct, string member = "customerId")
    {
        if (customer is { } id && (await commands.Latest(CustomerDecider.Instance, tenant, id, ct)).State.Registered is null)
        {
            throw Rejection.BrokenRule("customer.unknown", "There is no such customer.", member);
        }
    }
}
