using Crm.Api.Leads;
using Crm.Domain.Leads;
using Crm.EventStore;

namespace Crm.Api.Nurture;

/// <summary>
/// Addresses that want no mails which go out by themselves, in whatever lead of the tenant they stand. Whoever unsubscribes leaves a
/// claim behind that is a keyed hash of his address: so it holds without our keeping the address, for leads that are still to come, and
/// after a lead was erased. The claim is given up by hand only.
/// </summary>
public sealed class RefusedMail(Store store, LeadKeys keys, Captures captures, Unsealer unsealer)
{
    /// <summary>The claim of a lead's address; null where it has none, or was erased.</summary>
    public async Task<(string Kind, string Key)?> ClaimOf(string tenant, Lead lead, CancellationToken ct) =>
        await unsealer.Open(tenant, lead.Details?.Email?.Sealed, ct) is { } address ? keys.RefusedMail(tenant, address) : null;

    /// <summary>By which lead an address came to want none; null where it wants some.</summary>
    public async Task<Guid?> HolderOf(string tenant, (string Kind, string Key)? claim, CancellationToken ct) =>
        claim is { } refused && (await store.Holders(tenant, [refused], ct)).TryGetValue(refused, out var holder) ? holder : null;

    /// <summary>
    /// Those of some leads that are to be sent none: their address wants none; or it is sent none yet, and its address is known by
    /// another lead. So nobody is sent a sequence more than once because his address was typed in again, and be it by somebody else.
    /// </summary>
    internal async Task<IReadOnlySet<Guid>> Of(string tenant, IReadOnlyDictionary<Guid, (Lead Lead, LeadClock Clock)> leads,
        CancellationToken ct)
    {
        var claims = new Dictionary<Guid, ((string Kind, string Key) Refused, (string Kind, string Key)? Known)>();
        await unsealer.Fetch(tenant, leads.Values.Select(one => one.Lead.Details?.Email?.Sealed).OfType<string>(), ct);
        foreach (var (id, (lead, clock)) in leads)
        {
            if (await unsealer.Open(tenant, lead.Details?.Email?.Sealed, ct) is { } address)
            {
                var known = clock.Nurture is null ? keys.Of(tenant, new LeadSignature(null, null, address, null)).FirstOrDefault() : null;
                claims.Add(id, (keys.RefusedMail(tenant, address), known?.Claim));
            }
        }

        var asked = claims.Values.SelectMany(one => ((string Kind, string Key)?[])[one.Refused, one.Known])
            .OfType<(string Kind, string Key)>().Distinct().ToList();
        var held = asked.Count == 0 ? new Dictionary<(string, string), Guid>() : await store.Holders(tenant, asked, ct);
        var unwanted = new HashSet<Guid>();
        foreach (var (id, (refused, known)) in claims)
        {
            if (held.ContainsKey(refused) || (known is { } claim && held.TryGetValue(claim, out var holder) && holder != id
                && !await IsPart(tenant, holder, id, ct)))
            {
                unwanted.Add(id);
            }
        }

        return unwanted;
    }

    private async Task<bool> IsPart(string tenant, Guid part, Guid whole, CancellationToken ct) =>
        (await captures.Whole(tenant, part, fresh: false, ct)).Id == whole;

    /// <summary>Whether whoever a lead is wants none: by the lead itself, by one that is part of it, or by his address.</summary>
    public async Task<bool> IsUnwanted(string tenant, Lead lead, LeadClock clock, CancellationToken ct) =>
        clock.IsUnsubscribed || await HolderOf(tenant, await ClaimOf(tenant, lead, ct), ct) is not null || (await Parts(tenant, lead, ct))
            .Any(part => part.Value.Clock.IsUnsubscribed);

    /// <summary>All leads that are part of one, through however many others.</summary>
    internal async Task<IReadOnlyDictionary<Guid, TimedLead>> Parts(string tenant, Lead lead, CancellationToken ct)
    {
        var (all, next) = (new Dictionary<Guid, TimedLead>(), lead.Absorbed.Keys.ToList());
        while (next.Count > 0)
        {
            foreach (var (id, stream) in await store.ReadStreams(tenant, next, upTo: long.MaxValue, ct))
            {
                all[id] = TimedLead.Of(stream, store.Types);
            }

            next = [.. next.Where(all.ContainsKey).SelectMany(id => all[id].Lead.Absorbed.Keys).Where(id => !all.ContainsKey(id))
                .Distinct()];
        }

        return all;
    }
}
