using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventStore;

namespace Crm.Api.Leads;

/// <summary>Takes a lead out of all figures; its clocks stop with that.</summary>
public sealed class Flags(Commands commands, Store store)
{
    public Task<Written> Send(Guid lead, RecordFlag flag, string? reason, Call call, CancellationToken ct) => commands.Send(call, async () =>
    {
        var (_, clock, known, _) = TimedLead.Of(await store.ReadStream(call.By.Tenant, lead, null, ct), store.Types);
        var (_, seen) = Commands.SeenBy(call.By, LeadDecider.Instance, (known, known));
        return new Decision(seen.Version, [Captures.PartOf(lead, seen, FlagLead.Decide((Lead)seen.State, clock, flag, reason))]);
    }, playbookVersion: null, ct);
}
