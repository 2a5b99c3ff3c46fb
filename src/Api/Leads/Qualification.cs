using Crm.Api.Access;
using Crm.Api.CustomFields;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Customers;
using Crm.Domain.CustomFields;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventStore;

namespace Crm.Api.Leads;

/// <summary>One command over three streams: the lead is qualified, the customer registered or joined, the opportunity opened, or nothing.</summary>
public sealed class Qualification(Commands commands, CurrentPlaybook playbooks, Store store)
{
    public async Task<IResult> Send(Guid lead, QualifyLeadRequest r, Call call, CancellationToken ct)
    {
        var tenant = call.By.Tenant;
        Ownership.MustBeFree(call.By, r.Rep, r.Team, Functions.OpportunitiesAssign);
        var playbook = await playbooks.Of(tenant, ct);

        var written = await commands.Send(call, async fresh =>
        {
            // A lead that was qualified before went into these two; the same said again lands there and changes nothing.
            var (state, _) = await commands.Latest(LeadDecider.Instance, tenant, lead, ct);
            var command = new QualifyLead(
                lead, r.CustomerId ?? state.Qualified?.CustomerId ?? Guid.CreateVersion7(), state.Qualified?.OpportunityId ?? Guid.CreateVersion7(),
                r.OpportunityName, r.Amount, r.Pipeline ?? "standard", r.Stage, r.CustomerName, r.Type ?? OpportunityType.New, r.ExpectedClose,
                r.Rep, r.Team, r.Region, r.Product, Custom(r.Custom, state, playbook));

            var (asAt, latest) = Commands.SeenBy(
                call.By, LeadDecider.Instance, await commands.State(LeadDecider.Instance, tenant, lead, command, call.OccurredAt, ct, fresh));
            if (((Lead)latest.State).Qualified is not null && Tells(call.By))
            {
                throw LeadDecider.Qualified();
            }

            var (_, customer) = await commands.State(CustomerDecider.Instance, tenant, command.CustomerId, default(ICustomerCommand)!, call.OccurredAt, ct, fresh);
            var (_, opportunity) = await commands.State(OpportunityDecider.Instance, tenant, command.OpportunityId, default(IOpportunityCommand)!, null, ct, fresh);
            if (r.CustomerId is not null && ((Customer)customer.State).Registered is null)
            {
                throw Domain.Rejection.BrokenRule("customer.unknown", "There is no such customer; leave customerId out to register a new one.", "customerId");
            }

            var decided = ConvertQualifiedLead.Decide((Lead)asAt.State, (Customer)customer.State, (Opportunity)opportunity.State, playbook, command);
            if (decided.Lead.Count > 0 && !ReferenceEquals(asAt, latest))
            {
                LeadDecider.Precede((Lead)latest.State, command);
            }

            return new Decision(latest.Version,
            [
                new Part(lead, "lead", latest, decided.Lead, (s, e) => Lead.Evolve((Lead)s, (ILeadEvent)e)),
                new Part(command.CustomerId, "customer", customer, decided.Customer, (s, e) => Customer.Evolve((Customer)s, (ICustomerEvent)e)),
                new Part(command.OpportunityId, "opportunity", opportunity, decided.Opportunity, (s, e) => Opportunity.Evolve((Opportunity)s, (IOpportunityEvent)e))
            ]);
        }, playbook.Version, ct);

        return new WriteResult(written, store.Epoch, location: null, new QualificationAnswer(
            written.Id, written.Version, written.Position, CustomerId: written.Streams[1].Stream, OpportunityId: written.Streams[2].Stream));
    }

    // What the lead knows by the same names need not be said.
    private static CustomValues? Custom(CustomSaid? said, Lead lead, Playbook playbook) => FieldsInForce.OfNew(
        RecordFields.Of(playbook.Document, FieldRecord.Opportunity), said,
        ConvertQualifiedLead.Taken(lead.Details, playbook, FieldRecord.Opportunity),
        isHeldToRequired: lead is { Captured: not null, Qualified: null });

    // Said again, it is compared with what the opportunity and the customer were opened with: by trying, one could find out what is hidden.
    private static bool Tells(Caller by) => by.Sight.Hidden.Any(field =>
        field.StartsWith("opportunity.", StringComparison.Ordinal) || field.StartsWith("customer.", StringComparison.Ordinal));
}

/// <inheritdoc cref="WriteAnswer"/>
public sealed record QualificationAnswer(Guid Id, long Version, long Position, Guid CustomerId, Guid OpportunityId) : AnswerOfWrite;
