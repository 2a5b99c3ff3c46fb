using Crm.Domain;
using Crm.Domain.Customers;

namespace Crm.Api.Customers;

/// <summary>Keeps links to customers from pointing at nothing.</summary>
public sealed class KnownCustomers(Commands commands)
{
    private const int MostLevels = 20;

    /// <param name="member">The member of the request that names the customer.</param>
    /// <exception cref="Rejection"><c>customer.unknown</c>, of that member.</exception>
    public async Task MustExist(string tenant, Guid? customer, CancellationToken ct, string member = "customerId")
    {
        if (customer is { } id && (await commands.Latest(CustomerDecider.Instance, tenant, id, ct)).State.Registered is null)
        {
            throw Rejection.BrokenRule("customer.unknown", "There is no such customer.", member);
        }
    }

    /// <summary>That a customer can belong to another: that one is there, and does not itself belong to this one, however far down.</summary>
    /// <exception cref="Rejection"><c>customer.unknown</c> or <c>customer.ring</c>, of <c>parentId</c>.</exception>
    public async Task MustBeAbove(string tenant, Guid customer, Guid? parent, CancellationToken ct)
    {
        await MustExist(tenant, parent, ct, "parentId");
        for (var (above, depth) = (parent, 0); above is { } id; depth++)
        {
            if (id == customer || depth == MostLevels)
            {
                throw Rejection.BrokenRule("customer.ring", $"A customer cannot belong to itself, nor to one that belongs to it, nor lie more than {MostLevels} levels deep.", "parentId");
            }

            above = (await commands.Latest(CustomerDecider.Instance, tenant, id, ct)).State.Details?.ParentId;
        }
    }
}
