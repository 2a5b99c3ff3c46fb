using Crm.Api.Jobs;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Points;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Scoring;

/// <summary>Reads a tenant's leads to learn from, some hundreds at a time, as they were known at a position.</summary>
internal sealed class ExampleReader(Store store, string tenant, long knownAt)
{
    private const int AtOnce = 1000;

    /// <returns>The examples in the order of their ids, and how many leads are none.</returns>
    public async Task<(IReadOnlyList<LeadExample> Examples, int LeftAside)> Read(
        ExampleTerms terms, PointsModel? points, JobProgress progress, CancellationToken ct)
    {
        var leads = (await store.Streams(tenant, LeadDecider.Instance.StreamType, ct)).Order().ToList();
        var (examples, leftAside, done) = (new List<LeadExample>(leads.Count), 0, 0);
        foreach (var some in leads.Chunk(AtOnce))
        {
            progress.Report("Reading leads", done, leads.Count);
            var facts = await Facts(some, ct);
            var deals = terms.Outcome == ScoreOutcome.Won ? await Deals(facts.Values, terms.AsOf, ct) : new Dictionary<Guid, DealEnd>();
            foreach (var (_, lead) in facts.OrderBy(lead => lead.Key))
            {
                if (LeadExample.Of(lead, terms, points, DealOf(lead, deals)) is { } example)
                {
                    examples.Add(example);
                }
                else if (lead.Any(fact => fact.Event is LeadCaptured && fact.At < terms.AsOf))
                {
                    leftAside++;
                }
            }

            done += some.Length;
        }

        return (examples, leftAside);
    }

    /// <summary>What is known of a lead, in the order in which everything folds it.</summary>
    public static IReadOnlyList<LeadFact> FactsOf(IReadOnlyList<Recorded> stream, EventTypes types) =>
    [
        .. FoldOrder.Of(stream, types).Where(fact => fact.Data is ILeadEvent)
            .Select(fact => new LeadFact((ILeadEvent)fact.Data, fact.OccurredAt))
    ];

    private async Task<IReadOnlyDictionary<Guid, IReadOnlyList<LeadFact>>> Facts(IReadOnlyCollection<Guid> leads, CancellationToken ct) =>
        (await store.ReadStreams(tenant, leads, knownAt, ct)).ToDictionary(lead => lead.Key, lead => FactsOf(lead.Value, store.Types));

    private async Task<Dictionary<Guid, DealEnd>> Deals(
        IEnumerable<IReadOnlyList<LeadFact>> leads, DateTimeOffset asOf, CancellationToken ct)
    {
        var ids = leads.SelectMany(OpportunitiesOf).Distinct().ToList();
        var ends = new Dictionary<Guid, DealEnd>();
        foreach (var (id, stream) in await store.ReadStreams(tenant, ids, knownAt, ct))
        {
            var deal = FoldOrder.Of(stream, store.Types);
            var flag = deal.LastOrDefault(fact => fact.Data is OpportunityFlagged or OpportunityFlagWithdrawn);
            var last = flag?.Data is OpportunityFlagged ? null : deal.LastOrDefault(fact =>
                fact.OccurredAt < asOf && fact.Data is (OpportunityWon or OpportunityLost or OpportunityReopened));
            if (last?.Data is OpportunityWon or OpportunityLost)
            {
                ends[id] = new(last.Data is OpportunityWon, last.OccurredAt);
            }
        }

        return ends;
    }

    private static DealEnd? DealOf(IReadOnlyList<LeadFact> lead, IReadOnlyDictionary<Guid, DealEnd> deals) =>
        OpportunitiesOf(lead).Select(id => deals.TryGetValue(id, out var end) ? end : (DealEnd?)null).LastOrDefault();

    private static IEnumerable<Guid> OpportunitiesOf(IReadOnlyList<LeadFact> lead) =>
        lead.Select(fact => fact.Event).OfType<LeadQualified>().Select(e => e.OpportunityId);
}
