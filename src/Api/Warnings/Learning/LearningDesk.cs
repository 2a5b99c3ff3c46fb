using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Domain;
using Crm.Domain.Warnings.Learning;
using Crm.EventModel;
using Crm.EventStore;
using Crm.Projections;

namespace Crm.Api.Warnings.Learning;

/// <summary>Has combinations learned from closed deals, and tells what came of it.</summary>
internal sealed class LearningDesk(JobTable jobs, Queries queries, Store store, TimeProvider clock)
{
    /// <exception cref="Rejection">One of this tenant's is under way.</exception>
    /// <exception cref="Problem">
    /// 400: the moment has not come yet. 403: the caller does not see all opportunities with all of their fields.
    /// </exception>
    public async Task<Job> Ask(Caller by, LearnWarningsRequest request, CancellationToken ct)
    {
        MustSeeAll(by);
        var lens = await queries.Lens(new Times(request.AsOf, request.KnownAt), by.Zone, ct, inBody: true);
        var now = clock.GetUtcNow();
        if (lens.AsOf > now)
        {
            const string Message = "Nobody knows yet what becomes of deals; send a moment up to now.";
            throw Problem.Invalid([Fault.InBody("/asOf", "in-the-future", Message)]);
        }

        // Whatever comes in meanwhile, a job that is begun again learns from the same.
        var wish = new LearningWish(
            lens.AsOf ?? lens.KnownAt ?? now, lens.Position ?? (await store.Head(ct)).Position, request.AgeDays, request.HeldOutPercent,
            new LearningTerms(request.LeastDeals, request.LeastLost, request.MostTraits));
        var json = JsonSerializer.SerializeToNode(wish, EventTypes.Json)!;
        return await jobs.Ask(by.Tenant, LearningWork.Name, SubjectOf(by), json, by.Id, ct)
            ?? throw Rejection.WrongState("warning.busy", "A job is learning already; wait for its end.");
    }

    public async Task<IReadOnlyList<Job>> All(Caller by, CancellationToken ct) =>
        [.. (await jobs.About(by.Tenant, SubjectOf(by), ct)).Take(100)];

    /// <exception cref="Rejection">There is none with this id.</exception>
    public async Task<Job> Find(Caller by, Guid id, CancellationToken ct) =>
        await jobs.Find(by.Tenant, id, ct) is { Kind: LearningWork.Name } job
            ? job
            : throw Rejection.Unknown("warning.training-unknown", "There is no such job.");

    public async Task<LearnedWarningsList> Learned(Caller by, PositionToken? least, CancellationToken ct)
    {
        MustSeeAll(by);
        await queries.MustHaveBeen(least, [Catalog.Opportunities], ct);
        var (position, _) = await store.Head(ct);
        var stream = await store.ReadStream(by.Tenant, WarningReader.LearningOf(by.Tenant), new ReadBound(Position: position), ct);
        var all = FoldOrder.Of(stream, store.Types).Select(e => e.Data).OfType<IWarningLearningEvent>()
            .Aggregate(WarningLearning.None, WarningLearning.Evolve);
        return new([.. all.Models.Reverse().Select(one => LearnedWarningsAnswer.Of(one, all))], position);
    }

    // One is under way at a time.
    private static Guid SubjectOf(Caller by) => StreamId.From(by.Tenant, "warnings", "training");

    // What was learned tells of everybody's deals.
    private static void MustSeeAll(Caller by)
    {
        if (by.Sight.Owners is not null || by.Sight.Hidden.Any(field => field.StartsWith("opportunity.", StringComparison.Ordinal)))
        {
            throw new Problem(
                403, Code.Forbidden,
                "What is learned tells of everybody's opportunities with all of their fields; it is for those who see all of these.");
        }
    }
}
