using Crm.Api.Approvals;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Api.Opportunities;

/// <summary>Changes of what an opportunity is worth; for one that is too large an approval is asked for in the same append.</summary>
public sealed class AmountChanges(Engine engine, ApprovalDesk approvals, Writes writes)
{
    /// <param name="make">The command, by the rules in force and with the approval that it would wait for.</param>
    public async Task<IResult> Send(Guid id, Func<Playbook, Guid, IOpportunityCommand> make, Call call, CancellationToken ct)
    {
        var decider = OpportunityDecider.Instance;
        var playbook = await engine.Playbooks.Of(call.By.Tenant, ct);
        var command = make(playbook, call.NewId("approval"));
        return writes.Answer(await engine.Commands.Send(call, async fresh =>
        {
            var state = await engine.Commands.State(decider, call.By.Tenant, id, command, call.OccurredAt, ct, fresh);
            var (asAt, latest) = Commands.SeenBy(call.By, decider, state);
            return await approvals.Along(call, id, latest, Commands.Decide(decider, asAt, latest, command), fresh, ct);
        }, playbook.Version, ct), createdUnder: null);
    }
}
