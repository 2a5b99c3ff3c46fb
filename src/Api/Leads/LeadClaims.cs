using Crm.Api.Automations;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventStore;
using NodaTime;

namespace Crm.Api.Leads;

/// <summary>
/// Reps take leads from the pool for themselves. What they may take is a number of keys, of which each lead takes one: two claims at the same moment never take the same, so no limit is
/// passed, on any number of nodes.
/// </summary>
public sealed class LeadClaims(Commands commands, Store store, Policies policies)
{
    public async Task<Written> Claim(Guid lead, Call call, CancellationToken ct)
    {
        var by = call.By;
        var policy = await policies.Now(by.Tenant, ct);
        return await commands.Send(call, async () =>
        {
            var (state, clock, known, _) = TimedLead.Of(await store.ReadStream(by.Tenant, lead, null, ct), store.Types);
            if (state.Captured is null)
            {
                throw Rejection.Unknown("lead.unknown", "There is no such lead.");
            }

            var now = store.Clock.GetUtcNow();
            var free = await Free(by.Tenant, lead, LeadPool.SlotsOf(by.Rep, policy?.Policy, Today(by, now)), ct);
            var facts = LeadPool.Claim(state, clock, by.Rep, by.Team, policy?.Policy, free, now);
            return new Decision(known.Version, [Captures.PartOf(lead, known, facts)])
            {
                Claims = facts.Count == 0 ? [] :
                [
                    .. ((string?[])[free.Held, free.OfDay]).OfType<string>().Select(slot => new Claim(LeadPool.SlotKind, slot, lead)),
                    .. await Over(by, Today(by, now), ct)
                ]
            };
        }, policy?.Version, ct);
    }

    /// <summary>What a lead took of what its rep may claim, when he has it no more.</summary>
    internal static IEnumerable<Claim> GivenBack(Part part)
    {
        if (part is { Latest.State: Lead { HeldSlot: { } slot }, Events.Count: > 0 } && ((Lead)part.Events.Aggregate(part.Latest.State, part.Evolve)).HeldSlot != slot)
        {
            yield return new Claim(LeadPool.SlotKind, slot, part.Stream, Take: false);
        }
    }

    // What he claimed on days before bounds nothing any more.
    private Task<IReadOnlyList<Claim>> Over(Caller by, DateOnly today, CancellationToken ct) => store.Reader.Read<IReadOnlyList<Claim>>(
        by.Tenant, "select key, stream_id from crm.claim where tenant_id = $1 and kind = $2 and starts_with(key, $3) limit 1000",
        [by.Tenant, LeadPool.SlotKind, LeadPool.OfDays(by.Rep)],
        async found =>
        {
            var over = new List<Claim>();
            while (await found.ReadAsync(ct))
            {
                if (LeadPool.IsOver(by.Rep, found.GetString(0), today))
                {
                    over.Add(new Claim(LeadPool.SlotKind, found.GetString(0), found.GetGuid(1), Take: false));
                }
            }

            return over;
        }, ct);

    // Claims of one rep at one moment look in different places first.
    private async Task<(string? Held, string? OfDay)> Free(string tenant, Guid lead, (IReadOnlyList<string> Held, IReadOnlyList<string> OfDay) slots, CancellationToken ct)
    {
        var taken = await store.Holders(tenant, [.. slots.Held.Concat(slots.OfDay).Select(slot => (LeadPool.SlotKind, slot))], ct);
        return (One(slots.Held), One(slots.OfDay));

        string? One(IReadOnlyList<string> some)
        {
            var free = some.Where(slot => !taken.TryGetValue((LeadPool.SlotKind, slot), out var holder) || holder == lead).ToList();
            return free.Count == 0 ? null : free[(int)((uint)lead.GetHashCode() % (uint)free.Count)];
        }
    }

    private static DateOnly Today(Caller by, DateTimeOffset now) => Instant.FromDateTimeOffset(now).InZone(by.Zone).Date.ToDateOnly();
}
