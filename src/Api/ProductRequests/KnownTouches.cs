using Crm.Domain;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.EventStore;

namespace Crm.Api.ProductRequests;

/// <summary>Keeps what is said to come of a touch or a note from coming of somebody else's.</summary>
public sealed class KnownTouches(Commands commands, Store store)
{
    private const string Sql =
        "select stream_id from public.mt_events where tenant_id = $1 and id = $2 and type = any($3) and not is_archived";

    private readonly string[] types =
    [
        .. ((Type[])[typeof(LeadTouched), typeof(LeadNoted), typeof(OpportunityTouched), typeof(OpportunityNoted), typeof(CustomerTouched)])
            .SelectMany(store.Types.AliasesOf)
    ];

    /// <exception cref="Rejection"><c>product-request.touch</c>: there is none, it is none of the customer's, or the caller does not see
    /// it.</exception>
    public async Task MustBeOf(Caller by, Guid customer, Guid? touch, CancellationToken ct)
    {
        if (touch is { } id && (await Record(by.Tenant, id, ct) is not { } record || !await IsOf(by, customer, record, ct)))
        {
            throw Rejection.BrokenRule(
                "product-request.touch", "There is no such touch or note of this customer; name one by the id of its event.", "touchId");
        }
    }

    private async Task<Guid?> Record(string tenant, Guid id, CancellationToken ct) =>
        (Guid?)await store.Reader.One(tenant, Sql, [tenant, id, types], row => (object)row.GetGuid(0), ct);

    private async Task<bool> IsOf(Caller by, Guid customer, Guid record, CancellationToken ct)
    {
        if (record == customer)
        {
            return true;
        }

        var deal = (await commands.Latest(OpportunityDecider.Instance, by.Tenant, record, ct)).State;
        if (deal.Opened is not null)
        {
            return deal.Details?.CustomerId == customer && by.Sight.Owners?.Own(deal.Rep, deal.Team) != false;
        }

        var known = (await commands.Latest(CustomerDecider.Instance, by.Tenant, customer, ct)).State;
        var lead = (await commands.Latest(LeadDecider.Instance, by.Tenant, record, ct)).State;
        return (known.Registered?.LeadId == record || known.Leads.Any(joined => joined.LeadId == record))
            && by.Sight.Owners?.Own(lead.Rep, lead.Team) != false;
    }
}
