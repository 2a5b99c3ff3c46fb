using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Opportunities;
using Crm.EventStore;

namespace Crm.Api.Opportunities;

/// <summary>A correction changes what the past shows, so it must say on which version it was made up: <c>If-Match</c> is required.</summary>
public sealed class Correction(Writes writes, CurrentPlaybook playbooks, Store store)
{
    public async Task<IResult> Send(Guid id, Body<CorrectionRequest> body, Incoming incoming, CancellationToken ct)
    {
        if (incoming.Headers.IfMatch is null)
        {
            throw new Problem(428, "precondition-required", "A correction must say which version it puts right.",
                Fault.InHeader("If-Match", "precondition-required", "Send the ETag of the opportunity as you saw it."));
        }

        var r = body.Value;
        Ownership.MustBeFree(incoming.By, r.Rep, r.Team, Functions.OpportunitiesAssign);
        // The correction is a fact of now; only what it corrects is moved in time.
        var call = incoming.Call(body, r.OccurredAt) with { OccurredAt = null };
        var playbook = await playbooks.Of(call.By.Tenant, ct);
        var stream = await store.ReadStream(call.By.Tenant, id, null, ct);
        var fact = stream.FirstOrDefault(e => e.EventId == r.EventId)?.Data as IOpportunityEvent;
        if (fact is not null && (r.Withdrawn is not null || r.OccurredAt is not null))
        {
            FieldSight.MustSeeAllOf(call.By, "opportunity", fact);
        }

        var command = new CorrectOpportunity(
            r.EventId, fact, playbook, r.Reason, r.Withdrawn ?? false,
            r.OccurredAt, r.Amount, r.Stage, r.ExpectedClose, r.LossReason, r.Rep, r.Team, r.Region, r.Product);
        return await writes.Send(OpportunityDecider.Instance, id, command, call, ct, playbook.Version);
    }
}
