using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Leads;

/// <summary>Changes what is known of a lead. With its telephone number, mail address or company its keys change, and no two leads hold the same.</summary>
public sealed class LeadChanges(Commands commands, Captures captures, Store store, LeadKeys keys, Sealer sealer)
{
    public async Task<Written> Send(Guid id, Patch<ChangeLeadRequest> patch, Incoming incoming, CancellationToken ct)
    {
        var (r, tenant) = (patch.Value.Said.Normal(NormalForm.CountryOf(incoming.By.Zone.Id)), incoming.By.Tenant);
        var seal = new Seal(sealer, tenant, person: id, isNew: false, ct);
        var known = (await commands.Latest(LeadDecider.Instance, tenant, id, ct)).State.Known;
        var (own, cleared) = (known?.Own, patch.Cleared.Except(["occurredAt"]).ToList());
        var command = new ChangeLead(
            r.Source, r.Company, await seal.Again(known?.Shown.Contact, r.Contact), await seal.Again(known?.Shown.Email, r.Email), await seal.Again(known?.Shown.Phone, r.Phone),
            r.Role, r.Region, r.Industry, r.Employees, r.Campaign, r.Product, r.ExternalId, cleared, r.SizeBand);

        var before = new LeadSignature(own?.Company, await Open(own?.Contact), await Open(own?.Email), await Open(own?.Phone));
        var after = new LeadSignature(
            Change.Of(cleared, "company", r.Company, before.Company), Change.Of(cleared, "contact", r.Contact, before.Contact),
            Change.Of(cleared, "email", r.Email, before.Email), Change.Of(cleared, "phone", r.Phone, before.Phone));
        var call = incoming.Call(patch.Body, patch.Value.OccurredAt) with { PersonKeys = seal.Made };
        return await commands.Send(call, async fresh =>
        {
            var (asAt, latest) = Commands.SeenBy(
                call.By, LeadDecider.Instance, await commands.State(LeadDecider.Instance, tenant, id, command, call.OccurredAt, ct, fresh));
            var facts = Commands.Decide(LeadDecider.Instance, asAt, latest, command);
            return new Decision(latest.Version, [Captures.PartOf(id, latest, facts)])
            {
                Claims = facts.Count > 0 ? await Claims(tenant, id, keys.Of(tenant, before), keys.Of(tenant, after), ct) : []
            };
        }, playbookVersion: null, ct);

        async Task<string?> Open(Personal? personal) => personal is null ? null : await sealer.Open(tenant, personal.Sealed, ct);
    }

    private async Task<IReadOnlyList<Claim>> Claims(string tenant, Guid id, IReadOnlyList<LeadKey> before, IReadOnlyList<LeadKey> after, CancellationToken ct)
    {
        var (old, fresh) = (before.ExceptBy(after.Select(key => key.Claim), key => key.Claim).ToList(), after.ExceptBy(before.Select(key => key.Claim), key => key.Claim).ToList());
        if (old.Count + fresh.Count == 0)
        {
            return [];
        }

        var holders = await store.Holders(tenant, [.. old.Concat(fresh).Select(key => key.Claim)], ct);
        foreach (var key in fresh.Where(key => key.Tells && holders.ContainsKey(key.Claim)))
        {
            if ((await captures.Whole(tenant, holders[key.Claim], fresh: false, ct)).Id is var other && other != id)
            {
                throw Rejection.WrongState("lead.duplicate", $"Lead {other} has the same {key.By}: merge the two, or leave {key.By} as it is.");
            }
        }

        return
        [
            .. old.Where(key => holders.GetValueOrDefault(key.Claim) == id).Select(key => new Claim(key.Kind, key.Key, id, Take: false)),
            .. fresh.Where(key => !holders.ContainsKey(key.Claim)).Select(key => new Claim(key.Kind, key.Key, id))
        ];
    }
}
