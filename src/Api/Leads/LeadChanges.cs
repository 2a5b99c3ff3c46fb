using Crm.Api.CustomFields;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Leads;

/// <summary>Changes what is known of a lead. With its telephone number, mail address or company its keys change, and no two leads hold the same.</summary>
public sealed class LeadChanges(Commands commands, Captures captures, Store store, LeadKeys keys, Sealer sealer, FieldsInForce fields)
{
    public async Task<Written> Send(Guid id, Patch<ChangeLeadRequest> patch, Incoming incoming, CancellationToken ct)
    {
        var (r, tenant) = (patch.Value.Said.Normal(NormalForm.CountryOf(incoming.By.Zone.Id)), incoming.By.Tenant);
        var seal = new Seal(sealer, tenant, person: id, isNew: false, ct);
        var known = (await commands.Latest(LeadDecider.Instance, tenant, id, ct)).State.Known;
        var (custom, cleared) = await fields.OfChange(
            tenant, FieldRecord.Lead, patch.Value.Custom, [.. patch.Cleared.Except(["occurredAt"])], known?.Shown.Custom, ct);
        var command = new ChangeLead(
            r.Source, r.Company, await seal.Again(known?.Shown.Contact, r.Contact), await seal.Again(known?.Shown.Email, r.Email), await seal.Again(known?.Shown.Phone, r.Phone),
            r.Role, r.Region, r.Industry, r.Employees, r.Campaign, r.Product, r.ExternalId, cleared, r.SizeBand, custom);

        var call = incoming.Call(patch.Body, patch.Value.OccurredAt) with { PersonKeys = seal.Made };
        return await commands.Send(call, async fresh =>
        {
            var (asAt, latest) = Commands.SeenBy(
                call.By, LeadDecider.Instance, await commands.State(LeadDecider.Instance, tenant, id, command, call.OccurredAt, ct, fresh));
            var facts = Commands.Decide(LeadDecider.Instance, asAt, latest, command);
            var claims = facts.Count == 0 ? [] : await Claims(tenant, id, await KeysOf((Lead)latest.State), await KeysOf(await After(facts, asAt, latest)), ct);
            return new Decision(latest.Version, [Captures.PartOf(id, latest, facts)]) { Claims = claims };
        }, playbookVersion: null, ct);

        // What was said of a time that has passed may not be what stands.
        async Task<Lead> After(IReadOnlyList<ILeadEvent> facts, Known asAt, Known latest)
        {
            if (ReferenceEquals(asAt, latest))
            {
                return facts.Aggregate((Lead)latest.State, Lead.Evolve);
            }

            var known = FoldOrder.Of(await store.ReadStream(tenant, id, null, ct), store.Types).Where(fact => fact.Data is ILeadEvent).ToLookup(fact => fact.OccurredAt <= call.OccurredAt);
            return known[true].Select(fact => (ILeadEvent)fact.Data).Concat(facts).Concat(known[false].Select(fact => (ILeadEvent)fact.Data)).Aggregate(LeadDecider.Instance.Initial, Lead.Evolve);
        }

        async Task<IReadOnlyList<LeadKey>> KeysOf(Lead lead) => lead.Known?.Own is { } own
            ? keys.Of(tenant, new LeadSignature(own.Company, await Open(own.Contact), await Open(own.Email), await Open(own.Phone)))
            : [];

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
