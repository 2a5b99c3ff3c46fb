using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Api.Leads;
using Crm.Domain.Customers;
using Crm.Domain.DataSources;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Imports.Runs;

/// <summary>
/// Takes back what an import said: on every stream one event that retracts its facts, and claims given up. A record that it made and that somebody has worked
/// on since stays as it is, and is told.
/// </summary>
internal sealed class ImportUndo(Engine engine, ImportTable imports, Unsealer unsealer) : IJobKind
{
    public const string Undo = "import-undo";

    private const int InFlight = 64;
    private const int MostTold = 1000;

    public string Kind => Undo;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        var import = await imports.Find(job.Tenant, job.Subject, ct) ?? throw new JobFailed("The import is gone.");
        progress.Report("Looking for what it said", 0, 0);
        var streams = await StreamsOf(job.Tenant, import, ct);
        var wholes = await WholesOf(job.Tenant, import, ct);
        var (kept, done) = (new ConcurrentDictionary<Guid, bool>(), 0L);

        // Leads that hold others after those others: what they heard of one that stays, they keep.
        foreach (var some in (IEnumerable<Guid>[])[streams.Where(wholes.ContainsKey), streams.Where(stream => !wholes.ContainsKey(stream))])
        {
            await Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = ct }, async (stream, stop) =>
            {
                if (!await TakeBack(job, import, stream, wholes, kept, stop))
                {
                    kept.TryAdd(stream, true);
                }

                progress.Report("Taking back", Interlocked.Increment(ref done), streams.Count);
            });
        }

        return JsonSerializer.SerializeToNode(
            new UndoResult(streams.Count - kept.Count, kept.Count, [.. kept.Keys.Order().Take(MostTold)]), AnswerJson.Options);
    }

    private Task<IReadOnlyList<Guid>> StreamsOf(string tenant, Import import, CancellationToken ct) => engine.Store.Reader.Read<IReadOnlyList<Guid>>(
        tenant, "select distinct stream_id from public.mt_events where tenant_id = $1 and seq_id > $2 and headers ->> 'request' = $3 and stream_id <> $4",
        [tenant, import.BeganAt ?? long.MaxValue, import.Run, CurrentPlaybook.StreamOf(tenant)], async found =>
        {
            var streams = new List<Guid>();
            while (await found.ReadAsync(ct))
            {
                streams.Add(found.GetGuid(0));
            }

            return streams;
        }, ct);

    // Captures that became part of a lead, and of which.
    private Task<IReadOnlyDictionary<Guid, Guid>> WholesOf(string tenant, Import import, CancellationToken ct) => engine.Store.Reader.Read<IReadOnlyDictionary<Guid, Guid>>(
        tenant, """
            select (data ->> 'leadId')::uuid, stream_id from public.mt_events
            where tenant_id = $1 and seq_id > $2 and type = 'lead_absorbed' and headers ->> 'request' = $3
            """, [tenant, import.BeganAt ?? long.MaxValue, import.Run], async found =>
        {
            var wholes = new Dictionary<Guid, Guid>();
            while (await found.ReadAsync(ct))
            {
                wholes[found.GetGuid(0)] = found.GetGuid(1);
            }

            return wholes;
        }, ct);

    // Whether nothing of the import is left there.
    private async Task<bool> TakeBack(
        Job job, Import import, Guid stream, IReadOnlyDictionary<Guid, Guid> wholes, ConcurrentDictionary<Guid, bool> kept, CancellationToken ct)
    {
        var isFree = true;
        var call = new Call(new Caller(job.Tenant, job.AskedBy), OccurredAt: null, IfMatch: null, Key: null, $"import-undo-{job.Id:N}", Importer.Source);
        await engine.Commands.Send(call, async () =>
        {
            var events = await engine.Store.ReadStream(job.Tenant, stream, null, ct);
            var own = Own(events, import);
            var stays = own.Any(e => e.Data is LeadAbsorbed part && kept.ContainsKey(part.LeadId));
            isFree = own.Count == 0 || !IsMade(events, own) || !stays && !IsWorkedOn(events, import);
            own = [.. own.Where(e => e.Data is not LeadAbsorbed part || !kept.ContainsKey(part.LeadId))];
            if (!isFree || own.Count == 0)
            {
                return new Decision(0, []);
            }

            var claims = await ClaimsOf(job.Tenant, stream, own, ct);
            var retraction = Retraction(import, stream, events, own);
            if (!wholes.TryGetValue(stream, out var whole))
            {
                return new Decision(0, [retraction]) { Claims = claims };
            }

            // The lead that it is part of has heard of it, and forgets it at the same moment.
            var theirs = await engine.Store.ReadStream(job.Tenant, whole, null, ct);
            isFree = !FoldOrder.Said(theirs, engine.Store.Types).Any(e => e.Data is LeadAbsorbed part && part.Via == stream && e.Metadata.RequestId != import.Run);
            var heard = Own(theirs, import).Where(e => e.Data is LeadAbsorbed part && part.LeadId == stream).ToList();
            return new Decision(0, !isFree ? [] : heard.Count == 0 ? [retraction] : [retraction, Retraction(import, whole, theirs, heard)]) { Claims = isFree ? claims : [] };
        }, playbookVersion: null, ct);
        return isFree;
    }

    private async Task<IReadOnlyList<Claim>> ClaimsOf(string tenant, Guid stream, IReadOnlyList<Recorded> own, CancellationToken ct)
    {
        var claims = own.SelectMany(e => ExternalIds.ClaimedBy(e.Data, stream)).Select(claim => claim with { Take = false }).ToList();
        foreach (var captured in own.Select(e => e.Data).OfType<LeadCaptured>())
        {
            claims.AddRange(await KeysOf(tenant, stream, captured, ct));
        }

        return claims;
    }

    private async Task<IEnumerable<Claim>> KeysOf(string tenant, Guid lead, LeadCaptured captured, CancellationToken ct)
    {
        var signature = new LeadSignature(
            captured.Company, await Clear(captured.Contact), await Clear(captured.Email), await Clear(captured.Phone));
        var keys = engine.LeadKeys.Of(tenant, signature);
        var holders = keys.Count == 0 ? null : await engine.Store.Holders(tenant, [.. keys.Select(key => key.Claim)], ct);
        return keys.Where(key => holders!.GetValueOrDefault(key.Claim) == lead).Select(key => new Claim(key.Kind, key.Key, lead, Take: false));

        Task<string?> Clear(Domain.Personal? said) => unsealer.Open(tenant, said?.Sealed, ct);
    }

    // What it said and has not taken back yet.
    private IReadOnlyList<Recorded> Own(IReadOnlyList<Recorded> events, Import import) =>
        [.. FoldOrder.Said(events, engine.Store.Types).Where(e => e.Metadata.RequestId == import.Run)];

    private bool IsMade(IReadOnlyList<Recorded> events, IReadOnlyList<Recorded> own) => FoldOrder.Said(events, engine.Store.Types)[0].EventId == own[0].EventId;

    private bool IsWorkedOn(IReadOnlyList<Recorded> events, Import import) =>
        FoldOrder.Said(events, engine.Store.Types).Any(e => e.Metadata.RequestId != import.Run);

    private static Part Retraction(Import import, Guid stream, IReadOnlyList<Recorded> events, IReadOnlyList<Recorded> facts)
    {
        IReadOnlyList<Guid> ids = [.. facts.Select(e => e.EventId)];
        (string Type, object Retraction) said = events[0].Data switch
        {
            ILeadEvent => (LeadDecider.Instance.StreamType, new LeadImportUndone(import.Id, ids)),
            ICustomerEvent => (CustomerDecider.Instance.StreamType, new CustomerImportUndone(import.Id, ids)),
            IOpportunityEvent => (OpportunityDecider.Instance.StreamType, new OpportunityImportUndone(import.Id, ids)),
            _ => (DataSourceRowDecider.Instance.StreamType, new DataSourceRowImportUndone(import.Id, ids))
        };
        return new Part(stream, said.Type, Known.Of(events, events, new object()), [said.Retraction], (state, _) => state);
    }
}

/// <summary>What taking an import back came to.</summary>
/// <param name="Undone">Records, and remarks on rows, that it says nothing of any more.</param>
/// <param name="Kept">Records that it made and somebody has worked on since; they stay.</param>
/// <param name="KeptIds">The first thousand of those.</param>
public sealed record UndoResult(int Undone, int Kept, IReadOnlyList<Guid> KeptIds);
