using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Domain.Contacts;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api.Imports.Runs;

/// <summary>
/// Takes back what an import said, record by record: those that name others before those that are named. A record that it made stays where somebody has worked
/// on it since, or where a record that stays names it; which, is told.
/// </summary>
internal sealed class ImportUndo(Engine engine, ImportTable imports, Retractions retractions) : IJobKind
{
    public const string Undo = "import-undo";

    // Each reads, and others want connections, too.
    private const int InFlight = 16;
    private const int MostTold = 1000;
    private const long Span = 50_000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public string Kind => Undo;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        var import = await imports.Find(job.Tenant, job.Subject, ct) ?? throw new JobFailed("The import is gone.");
        var undoing = new Undoing(job, import, await Said(job.Tenant, import, progress, ct));
        await Followed(Catalog.Tasks, job.Tenant, ct);
        await Name(Catalog.Tasks, "about_id", undoing, ct);
        await All(OrderDecider.Instance.StreamType, undoing, progress, ct);

        await Followed(Catalog.Orders, job.Tenant, ct);
        await Name(Catalog.Orders, "opportunity_id", undoing, ct);
        await All(OpportunityDecider.Instance.StreamType, undoing, progress, ct);
        await All(ContactDecider.Instance.StreamType, undoing, progress, ct);

        await Followed(Catalog.Opportunities, job.Tenant, ct);
        await Name(Catalog.Opportunities, "lead_id", undoing, ct);
        await All(LeadDecider.Instance.StreamType, undoing, progress, ct);

        await Followed(Catalog.Leads, job.Tenant, ct);
        await Followed(Catalog.Contacts, job.Tenant, ct);
        await Name(Catalog.Opportunities, "customer_id", undoing, ct);
        await Name(Catalog.Leads, "customer_id", undoing, ct);
        await Name(Catalog.Contacts, "customer_id", undoing, ct);
        await Name(Catalog.Orders, "customer_id", undoing, ct);
        await Customers(undoing, progress, ct);
        await All(type: null, undoing, progress, ct);

        var kept = undoing.Streams.Where(said => undoing.Kept.ContainsKey(said.Stream)).OrderBy(said => said.Stream).ToList();
        var result = new UndoResult(
            undoing.Streams.Count - kept.Count, kept.Count, [.. kept.Select(said => said.Stream).Take(MostTold)],
            new SortedDictionary<string, int>(kept.CountBy(said => said.Type).ToDictionary(), StringComparer.Ordinal));
        return JsonSerializer.SerializeToNode(result, AnswerJson.Options);
    }

    // The streams on which it said something, each with its type; and of captures that became part of a lead, of which.
    private async Task<IReadOnlyList<SaidOn>> Said(string tenant, Import import, JobProgress progress, CancellationToken ct)
    {
        var (head, said) = ((await engine.Store.Head(ct)).Position, new Dictionary<Guid, SaidOn>());
        for (var from = import.BeganAt ?? head; from < head; from += Span)
        {
            progress.Report("Looking for what it said", from, head);
            await engine.Store.Reader.Read(tenant, """
                select e.stream_id, s.type, case when e.type = 'lead_absorbed' then (e.data ->> 'leadId')::uuid end
                from public.mt_events e join public.mt_streams s on s.tenant_id = e.tenant_id and s.id = e.stream_id
                where e.tenant_id = $1 and e.seq_id > $2 and e.seq_id <= $3 and e.headers ->> 'request' = $4 and e.headers ->> 'source' = $5 and e.stream_id <> $6
                """, [tenant, from, Math.Min(from + Span, head), import.Run, Importer.Source, CurrentPlaybook.StreamOf(tenant)], async found =>
            {
                while (await found.ReadAsync(ct))
                {
                    var stream = found.GetGuid(0);
                    said[stream] = said.GetValueOrDefault(stream) ?? new SaidOn(stream, found.GetString(1), PartOf: null);
                    if (!found.IsDBNull(2))
                    {
                        var part = found.GetGuid(2);
                        said[part] = new SaidOn(part, found.GetString(1), stream);
                    }
                }

                return true;
            }, ct);
        }

        return [.. said.Values];
    }

    /// <param name="type">Null for all that are left.</param>
    private async Task All(string? type, Undoing undoing, JobProgress progress, CancellationToken ct)
    {
        // Leads that hold others after those others: what they heard of one that stays, they keep.
        var some = undoing.Streams.Where(said => !undoing.Done.ContainsKey(said.Stream) && (type is null || said.Type == type)).ToLookup(said => said.PartOf is null);
        await These(some[false], undoing, progress, ct);
        await These(some[true], undoing, progress, ct);
    }

    // Those that are above others after those.
    private async Task Customers(Undoing undoing, JobProgress progress, CancellationToken ct)
    {
        var left = undoing.Streams.Where(said => said.Type == CustomerDecider.Instance.StreamType).ToDictionary(said => said.Stream);
        var children = await Children([.. left.Keys], undoing, ct);
        while (left.Count > 0)
        {
            var wave = left.Values.Where(said => !children[said.Stream].Any(left.ContainsKey)).ToList();
            foreach (var said in wave.Where(said => children[said.Stream].Any(child => !undoing.Done.ContainsKey(child) || undoing.Kept.ContainsKey(child))))
            {
                undoing.Named.TryAdd(said.Stream, true);
            }

            // None has itself above it; were it so, all of the ring go at once.
            await These(wave.Count > 0 ? wave : [.. left.Values], undoing, progress, ct);
            foreach (var said in wave.Count > 0 ? wave : [.. left.Values])
            {
                left.Remove(said.Stream);
            }
        }
    }

    private Task<ILookup<Guid, Guid>> Children(Guid[] parents, Undoing undoing, CancellationToken ct) => engine.Store.Reader.Read(
        undoing.Job.Tenant, $"select parent_id, customer_id from {ModelTables.Of(Catalog.Customers).Rows} where tenant_id = $1 and parent_id = any($2)",
        [undoing.Job.Tenant, parents], async found =>
        {
            var pairs = new List<(Guid Parent, Guid Child)>();
            while (await found.ReadAsync(ct))
            {
                pairs.Add((found.GetGuid(0), found.GetGuid(1)));
            }

            return pairs.ToLookup(pair => pair.Parent, pair => pair.Child);
        }, ct);

    private Task These(IEnumerable<SaidOn> some, Undoing undoing, JobProgress progress, CancellationToken ct) => Parallel.ForEachAsync(
        some.ToList(), new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = ct }, async (said, stop) =>
        {
            if (!await retractions.TakeBack(said, undoing, stop))
            {
                undoing.Kept.TryAdd(said.Stream, true);
            }

            undoing.Done.TryAdd(said.Stream, true);
            progress.Report("Taking back", undoing.Done.Count, undoing.Streams.Count);
        });

    // What a record that stands names, stays.
    private Task Name(ReadModel by, string column, Undoing undoing, CancellationToken ct) => engine.Store.Reader.Read(
        undoing.Job.Tenant, $"select distinct {column} from {ModelTables.Of(by).Rows} where tenant_id = $1 and {column} = any($2)",
        [undoing.Job.Tenant, undoing.Streams.Select(said => said.Stream).ToArray()], async found =>
        {
            while (await found.ReadAsync(ct))
            {
                undoing.Named.TryAdd(found.GetGuid(0), true);
            }

            return true;
        }, ct);

    // Waits until a read model shows what was written so far.
    private async Task Followed(ReadModel model, string tenant, CancellationToken ct)
    {
        var head = (await engine.Store.Head(ct)).Position;
        while (await engine.Store.Reader.One(
            tenant, "select last_seq_id from public.mt_event_progression where name = $1", [model.Progress], row => row.GetInt64(0), ct) < head)
        {
            await Task.Delay(Poll, ct);
        }
    }
}

/// <summary>A stream on which an import said something.</summary>
/// <param name="PartOf">Of a capture that became part of a lead: which.</param>
internal sealed record SaidOn(Guid Stream, string Type, Guid? PartOf);

/// <summary>An import that is being taken back.</summary>
internal sealed record Undoing(Job Job, Import Import, IReadOnlyList<SaidOn> Streams)
{
    public ConcurrentDictionary<Guid, bool> Done { get; } = new();

    /// <summary>Records that stay.</summary>
    public ConcurrentDictionary<Guid, bool> Kept { get; } = new();

    /// <summary>Records that others name which stay.</summary>
    public ConcurrentDictionary<Guid, bool> Named { get; } = new();
}

/// <summary>What taking an import back came to.</summary>
/// <param name="Undone">Records, and remarks on rows, that it says nothing of any more.</param>
/// <param name="Kept">Records that it made and that stay: somebody has worked on them since, or a record that stays names them.</param>
/// <param name="KeptIds">The first thousand of those.</param>
/// <param name="KeptKinds">How many of each kind, such as <c>lead</c>.</param>
public sealed record UndoResult(int Undone, int Kept, IReadOnlyList<Guid> KeptIds, IReadOnlyDictionary<string, int> KeptKinds);
