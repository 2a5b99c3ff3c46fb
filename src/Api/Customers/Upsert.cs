using Crm.Api.CustomFields;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Customers;
using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;
using Crm.EventStore;

namespace Crm.Api.Customers;

/// <summary>
/// Changes the customer that another system calls so, or registers it under that name, in one append. Where many say it at once one of them
/// registers: the id of the new customer follows from the name, so the others find it and change it.
/// </summary>
public sealed class Upsert(Commands commands, KnownCustomers known, FieldsInForce fields, Writes writes, Store store)
{
    public async Task<IResult> Send(string system, string externalId, Patch<ChangeCustomerRequest> patch, Incoming incoming, CancellationToken ct)
    {
        FieldSight.MustSee(incoming.By, "customer", "externalIds");
        MustName(system, 60, "system");
        MustName(externalId, 200, "externalId");
        var (r, tenant) = (patch.Value, incoming.By.Tenant);
        var call = incoming.Call(patch.Body, r.OccurredAt);
        var written = await commands.Send(call, async fresh =>
        {
            var id = await store.Holder(tenant, ExternalIds.Kind(system), externalId, ct) ?? StreamId.From(tenant, ExternalIds.Kind(system), externalId);
            await known.MustBeAbove(tenant, id, r.ParentId, ct);
            var (asAt, latest) = await commands.State(CustomerDecider.Instance, tenant, id, default(ICustomerCommand)!, call.OccurredAt, ct, fresh);
            var (customer, isNew) = ((Customer)asAt.State, ((Customer)latest.State).Registered is null);
            IReadOnlyList<ICustomerEvent> events = isNew
                ? [.. CustomerDecider.Decide(customer, await Registration(r)), new CustomerIdentified(system, externalId)]
                : CustomerDecider.Decide(customer, await Change((Customer)latest.State));
            return new Decision(latest.Version, [new Part(id, "customer", latest, events, (s, e) => Customer.Evolve((Customer)s, (ICustomerEvent)e))])
            {
                Status = (short)(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            };
        }, playbookVersion: null, ct);
        return writes.Answer(written, written.Status == StatusCodes.Status201Created ? "/api/v1/customers" : null);

        async Task<RegisterCustomer> Registration(ChangeCustomerRequest said) =>
            Registered(said, await fields.OfNew(tenant, FieldRecord.Customer, said.Custom, ct));

        async Task<ChangeCustomer> Change(Customer known)
        {
            var (custom, cleared) = await fields.OfChange(tenant, FieldRecord.Customer, r.Custom, patch.Cleared, known.Details?.Custom, ct);
            return r.Command(cleared, custom);
        }
    }

    private static RegisterCustomer Registered(ChangeCustomerRequest r, CustomValues? custom) => new(
        r.Name ?? throw Problem.Invalid([Fault.InBody("/name", Code.Missing, "There is no such customer yet; to register it, name is required.")]),
        r.Industry, r.Region, r.Country, r.Employees, r.Website, r.ParentId, Custom: custom);

    private static void MustName(string text, int most, string parameter)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > most || text.Any(char.IsControl))
        {
            throw Problem.Invalid([Fault.InQuery(parameter, Code.BadText, $"Send 1 to {most} characters, none of them control characters.")]);
        }
    }
}
