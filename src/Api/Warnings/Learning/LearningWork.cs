using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.Domain.Warnings;
using Crm.Domain.Warnings.Learning;
using Crm.EventModel;
using Crm.EventStore;
using Crm.Projections;

namespace Crm.Api.Warnings.Learning;

/// <summary>What is wanted of a job, with all that it depends on.</summary>
/// <param name="KnownAt">The last position.</param>
internal sealed record LearningWish(DateTimeOffset AsOf, long KnownAt, int? AgeDays, int HeldOutPercent, LearningTerms Terms);

/// <summary>
/// Learns combinations from a tenant's own closed deals, and keeps them under an id that follows from the job: begun again, it keeps
/// nothing a second time. Deals are gone through twice: first for how they ended, which says which of them judge and at what age all are
/// read, and then for what was so of them at that age.
/// </summary>
internal sealed class LearningWork(Engine engine, Queries queries) : IJobKind
{
    public const string Name = "warnings-learn";

    private const int AtOnce = 500;

    public string Kind => Name;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        var wish = job.Request.Deserialize<LearningWish>(EventTypes.Json)!;
        var ids = (await engine.Store.Streams(job.Tenant, OpportunityDecider.Instance.StreamType, ct)).Order().ToList();
        var closed = new List<ClosedDeal>();
        await foreach (var (id, story) in Stories(job.Tenant, ids, wish, "Looking for closed deals", withRoles: false, progress, ct))
        {
            if (ClosedDeal.Of(id, story) is { } deal)
            {
                closed.Add(deal);
            }
        }

        var split = ClosingSplit.Of(closed, wish.HeldOutPercent, wish.AgeDays);
        MustBeEnough(split, wish.Terms);
        var readings = new Dictionary<Guid, DealReading>();
        List<Guid> wanted = [.. split!.Learning.Concat(split.HeldOut).Select(deal => deal.Id)];
        await foreach (var (id, story) in Stories(job.Tenant, wanted, wish, "Reading deals", withRoles: true, progress, ct))
        {
            readings[id] = DealReading.Of(story, split.AgeDays)!;
        }

        progress.Report("Learning", 0, 1);
        var (found, tested) = await Task.Run(() => LearnWarnings.Of(Examples(split.Learning), Examples(split.HeldOut), wish.Terms, ct), ct);
        var fact = new WarningsLearned(
            StreamId.From(job.Tenant, "warning_model", job.Id.ToString()), LearnWarnings.Engine, wish.AsOf, wish.KnownAt, split.AgeDays,
            split.At, Tally(split.Learning), Tally(split.HeldOut), split.LeftAside, wish.Terms.LeastDeals, wish.Terms.LeastLost,
            wish.Terms.MostTraits, tested, found);

        // From here on there is no way back, so that a job is cancelled or has what it learned.
        ct.ThrowIfCancellationRequested();
        var call = new Call(
            new Caller(job.Tenant, job.AskedBy), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "api");
        await engine.Commands.Send(
            WarningLearningDecider.Instance, WarningReader.LearningOf(job.Tenant), new KeepLearnedWarnings(fact), call,
            CancellationToken.None);
        return JsonSerializer.SerializeToNode(new LearningResult(
            fact.ModelId, fact.AgeDays, TallyAnswer.Of(fact.Learning), TallyAnswer.Of(fact.HeldOut), tested, found.Count,
            found.Count(one => one.Stands)), AnswerJson.Options);

        List<DealExample> Examples(IReadOnlyList<ClosedDeal> deals) => [.. deals.Select(deal => new DealExample(deal, readings[deal.Id]))];
    }

    private async IAsyncEnumerable<(Guid Id, DealStory Story)> Stories(
        string tenant, IReadOnlyList<Guid> ids, LearningWish wish, string phase, bool withRoles, JobProgress progress,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var done = 0;
        foreach (var some in ids.Chunk(AtOnce))
        {
            progress.Report(phase, done, ids.Count);
            var streams = await engine.Store.ReadStreams(tenant, some, wish.KnownAt, ct);
            var deals = streams.ToDictionary(deal => deal.Key, deal => DealStories.FactsOf(KnownThen.Of(deal.Value), engine.Store.Types));
            foreach (var (id, story) in (withRoles ? await WithRoles(tenant, deals, streams, wish, ct)
                : deals.ToDictionary(deal => deal.Key, deal => new DealStory(deal.Value, []))).OrderBy(one => one.Key))
            {
                yield return (id, story.Until(wish.AsOf));
            }

            done += some.Length;
        }
    }

    // The rows that say whose contact somebody is have to be as far as the deals that are read.
    private async Task<IReadOnlyDictionary<Guid, DealStory>> WithRoles(
        string tenant, IReadOnlyDictionary<Guid, IReadOnlyList<DealFact>> deals,
        IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>> streams, LearningWish wish, CancellationToken ct)
    {
        var open = deals.ToDictionary(deal => deal.Key, deal => BeforeTheEnd(deal.Value, wish.AsOf));
        var (told, _) = await queries.Read(
            tenant, Catalog.BuyingRoles, new Lens(AsOf: null, KnownAt: null, wish.KnownAt), least: null,
            (connection, _) => DealStories.Of(
                open, connection, tenant, engine.Store.Types, Read, ct, (deal, contact) => KnownThen.Of(contact, streams[deal])), ct);
        return deals.ToDictionary(deal => deal.Key, deal => new DealStory(deal.Value, told[deal.Key].Roles));

        async Task<IEnumerable<Recorded>> Read(IReadOnlyCollection<Guid> contacts) =>
            (await engine.Store.ReadStreams(tenant, contacts, wish.KnownAt, ct)).Values.SelectMany(one => one);
    }

    // Of a customer that it was given after its end nothing is learned.
    private static IReadOnlyList<DealFact> BeforeTheEnd(IReadOnlyList<DealFact> facts, DateTimeOffset until) =>
        [.. facts.TakeWhile(fact => fact.Event is not (OpportunityWon or OpportunityLost)).Where(fact => fact.At < until)];

    private static void MustBeEnough(ClosingSplit? split, LearningTerms terms)
    {
        var learning = Tally(split?.Learning ?? []);
        if (learning.Lost < terms.LeastLost || learning.Deals - learning.Lost < terms.LeastLost || learning.Deals < 2 * terms.LeastDeals
            || split!.HeldOut.Count == 0)
        {
            throw new JobFailed(
                $"Of {learning.Deals} closed deals to learn from {learning.Lost} were lost, and {split?.HeldOut.Count ?? 0} are there to " +
                $"judge by; it takes at least {2 * terms.LeastDeals}, with {terms.LeastLost} lost and as many won, and some to judge.");
        }
    }

    private static LossTally Tally(IReadOnlyList<ClosedDeal> deals) => LossTally.Of(deals.Select(deal => deal.IsLost));
}
