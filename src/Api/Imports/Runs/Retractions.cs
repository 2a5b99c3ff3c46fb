using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.Campaigns;
using Crm.Domain.Contacts;
using Crm.Domain.Customers;
using Crm.Domain.DataSources;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Imports.Runs;

/// <summary>Takes back what an import said of one record: one event that retracts its facts, and claims given up, in one append.</summary>
internal sealed class Retractions(Engine engine, Unsealer unsealer)
{
    private EventTypes Types => engine.Store.Types;

    /// <returns>Whether nothing of the import is left there; otherwise the record stays as it is.</returns>
    public async Task<bool> TakeBack(SaidOn said, Undoing undoing, CancellationToken ct)
    {
        var (job, import, isFree) = (undoing.Job, undoing.Import, true);
        var call = new Call(new Caller(job.Tenant, job.AskedBy), OccurredAt: null, IfMatch: null, Key: null, $"import-undo-{job.Id:N}", Importer.Source);
        await engine.Commands.Send(call, async () =>
        {
            var events = await engine.Store.ReadStream(job.Tenant, said.Stream, null, ct);
            var whole = said.PartOf is { } id ? await engine.Store.ReadStream(job.Tenant, id, null, ct) : [];
            var own = Own(events, import);
            isFree = own.Count == 0 || !IsMade(events, own)
                || !undoing.Named.ContainsKey(said.Stream) && !HoldsOneThatStays(own, undoing) && !IsWorkedOn(events, import) && !IsGoneOnWith(said.Stream, whole, import);
            own = [.. own.Where(e => e.Data is not LeadAbsorbed part || !undoing.Kept.ContainsKey(part.LeadId))];
            return isFree && own.Count > 0 ? await Decide(said, import, job.Tenant, events, own, whole, ct) : new Decision(0, []);
        }, playbookVersion: null, ct);
        return isFree;
    }

    private async Task<Decision> Decide(
        SaidOn said, Import import, string tenant, IReadOnlyList<Recorded> events, IReadOnlyList<Recorded> own, IReadOnlyList<Recorded> whole, CancellationToken ct)
    {
        List<Part> parts = [Retraction(said.Type, import, said.Stream, events, own)];

        // The lead that it is part of has heard of it, and forgets it at the same moment.
        var heard = Own(whole, import).Where(e => e.Data is LeadAbsorbed part && part.LeadId == said.Stream).ToList();
        if (heard.Count > 0)
        {
            parts.Add(Retraction(said.Type, import, said.PartOf!.Value, whole, heard));
        }

        var claims = own.SelectMany(e => FactClaims.Of(e.Data, said.Stream)).Select(claim => claim with { Take = false }).ToList();
        foreach (var captured in own.Select(e => e.Data).OfType<LeadCaptured>())
        {
            claims.AddRange(await KeysOf(tenant, said.Stream, captured, ct));
        }

        return new Decision(0, parts) { Claims = claims };
    }

    // A key that was a closed lead's goes back to it: whoever returns is told from others by it.
    private async Task<IEnumerable<Claim>> KeysOf(string tenant, Guid lead, LeadCaptured captured, CancellationToken ct)
    {
        var signature = new LeadSignature(captured.Company, await Clear(captured.Contact), await Clear(captured.Email), await Clear(captured.Phone));
        var keys = engine.LeadKeys.Of(tenant, signature);
        var holders = keys.Count == 0 ? null : await engine.Store.Holders(tenant, [.. keys.Select(key => key.Claim)], ct);
        var mine = keys.Where(key => holders!.GetValueOrDefault(key.Claim) == lead).ToList();
        return mine.Select(key => new Claim(key.Kind, key.Key, lead, Take: false))
            .Concat(captured.Previous is { } previous ? mine.Where(key => key.Tells).Select(key => new Claim(key.Kind, key.Key, previous)) : []);

        Task<string?> Clear(Personal? said) => unsealer.Open(tenant, said?.Sealed, ct);
    }

    // What it said and has not taken back yet. Requests are named by whoever sends them; that they came by an import says the program.
    private IReadOnlyList<Recorded> Own(IReadOnlyList<Recorded> events, Import import) => [.. FoldOrder.Said(events, Types).Where(e => IsBy(import, e))];

    private bool IsMade(IReadOnlyList<Recorded> events, IReadOnlyList<Recorded> own) => FoldOrder.Said(events, Types)[0].EventId == own[0].EventId;

    private bool IsWorkedOn(IReadOnlyList<Recorded> events, Import import) => FoldOrder.Said(events, Types).Any(e => !IsBy(import, e));

    // Somebody has touched it, or come in by its keys: that stands with the lead that it is part of.
    private bool IsGoneOnWith(Guid part, IReadOnlyList<Recorded> whole, Import import) => FoldOrder.Said(whole, Types)
        .Any(e => !IsBy(import, e) && (e.Data is LeadAbsorbed absorbed && absorbed.Via == part || e.Data is LeadTouched touched && touched.Via == part));

    private static bool HoldsOneThatStays(IReadOnlyList<Recorded> own, Undoing undoing) => own.Any(e => e.Data is LeadAbsorbed part && undoing.Kept.ContainsKey(part.LeadId));

    private static bool IsBy(Import import, Recorded e) => e.Metadata.RequestId == import.Run && e.Metadata.Source == Importer.Source;

    private static Part Retraction(string type, Import import, Guid stream, IReadOnlyList<Recorded> events, IReadOnlyList<Recorded> facts)
    {
        IReadOnlyList<Guid> ids = [.. facts.Select(e => e.EventId)];
        object retraction =
            type == LeadDecider.Instance.StreamType ? new LeadImportUndone(import.Id, ids)
            : type == CustomerDecider.Instance.StreamType ? new CustomerImportUndone(import.Id, ids)
            : type == OpportunityDecider.Instance.StreamType ? new OpportunityImportUndone(import.Id, ids)
            : type == ContactDecider.Instance.StreamType ? new ContactImportUndone(import.Id, ids)
            : type == CampaignDecider.Instance.StreamType ? new CampaignImportUndone(import.Id, ids)
            : type == OrderDecider.Instance.StreamType ? new OrderImportUndone(import.Id, ids)
            : type == DataSourceRowDecider.Instance.StreamType ? new DataSourceRowImportUndone(import.Id, ids)
            : throw new InvalidOperationException($"An import says nothing of {type}.");
        return new Part(stream, type, Known.Of(events, events, new object()), [retraction], (state, _) => state);
    }
}
