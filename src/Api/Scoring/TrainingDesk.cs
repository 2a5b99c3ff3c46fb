using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Jobs;
using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.CustomFields;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Scoring;

/// <summary>Looks after trainings: who may have one, and what there is to tell of it.</summary>
internal sealed class TrainingDesk(JobTable jobs, Queries queries, Store store, TimeProvider clock)
{
    /// <exception cref="Rejection">One of this tenant's is under way.</exception>
    /// <exception cref="Problem">
    /// 400: the moment has not come yet. 403: the caller does not see all leads with all of their fields.
    /// </exception>
    public async Task<Job> Ask(Caller by, TrainScoreModelRequest request, CancellationToken ct)
    {
        MustSeeAll(by);
        MustBeFields(request.LeaveOut ?? [], await queries.OwnFields(LeadAnswer.List, by.Tenant, ct));
        var lens = await queries.Lens(new Times(request.AsOf, request.KnownAt), by.Zone, ct, inBody: true);
        var now = clock.GetUtcNow();
        if (lens.AsOf > now)
        {
            const string Message = "Nobody knows yet what becomes of leads; send a moment up to now.";
            throw Problem.Invalid([Fault.InBody("/asOf", "in-the-future", Message)]);
        }

        // Whatever comes in meanwhile, a training that is begun again learns from the same.
        var wish = new TrainingWish(
            request.Outcome, lens.AsOf ?? lens.KnownAt ?? now, lens.Position ?? (await store.Head(ct)).Position, request.MaturityDays,
            request.HoursAfterCapture, request.LeaveOut ?? [], request.MissingMarkers ?? []);
        var json = JsonSerializer.SerializeToNode(wish, EventTypes.Json)!;
        return await jobs.Ask(by.Tenant, TrainingWork.Name, SubjectOf(by), json, by.Id, ct)
            ?? throw Rejection.WrongState("score.busy", "A model is being trained already; wait for its end, or cancel it.");
    }

    public async Task<IReadOnlyList<Job>> All(Caller by, CancellationToken ct) =>
        [.. (await jobs.About(by.Tenant, SubjectOf(by), ct)).Take(100)];

    /// <exception cref="Rejection">There is none with this id.</exception>
    public async Task<Job> Find(Caller by, Guid id, CancellationToken ct) =>
        await jobs.Find(by.Tenant, id, ct) is { Kind: TrainingWork.Name } job
            ? job
            : throw Rejection.Unknown("score.training-unknown", "There is no such training.");

    /// <exception cref="Rejection">There is none with this id.</exception>
    public async Task<Job> Cancel(Caller by, Guid id, CancellationToken ct)
    {
        await Find(by, id, ct);
        await jobs.Cancel(by.Tenant, id, ct);
        return await Find(by, id, ct);
    }

    private static void MustBeFields(IReadOnlyList<string> named, RecordFields own)
    {
        if (named.FirstOrDefault(name => CustomValues.KeyIn(name) is { } key && own.Find(key) is null) is { } stranger)
        {
            var message = $"The playbook adds no field '{Place.Echo(stranger)}' to leads.";
            throw Problem.Invalid([Fault.InBody("/leaveOut", Code.NotOneOf, message)]);
        }
    }

    // A tenant has one under way at a time.
    private static Guid SubjectOf(Caller by) => StreamId.From(by.Tenant, "scoring", "training");

    // A model tells of everybody's leads.
    private static void MustSeeAll(Caller by)
    {
        if (by.Sight.Owners is not null || by.Sight.Hidden.Any(field => field.StartsWith("lead.", StringComparison.Ordinal)))
        {
            throw new Problem(
                403, Code.Forbidden,
                "A model learns from everybody's leads with all of their fields; it is trained by those who see all of these.");
        }
    }
}
