using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Imports.Runs;
using Crm.Api.Jobs;
using Crm.Domain;

namespace Crm.Api.Exports;

/// <param name="KnownAt">Only what had been recorded before this moment; left out, all there is.</param>
/// <param name="WithKeys">Whether the keys go along by which what is personal can be read, where the master key of this installation is; they are of no use without it.</param>
public sealed record ExportHistoryRequest(Moment? KnownAt = null, bool WithKeys = false);

public sealed record ExportList(IReadOnlyList<JobAnswer> Items);

/// <summary>Looks after exports of a tenant's whole history: who may have one, and what there is to tell of it.</summary>
internal sealed class HistoryDesk(Engine engine, JobTable jobs, Queries queries)
{
    /// <exception cref="Rejection">One of this tenant's is being written.</exception>
    public async Task<Job> Ask(Caller by, ExportHistoryRequest request, CancellationToken ct)
    {
        MustSeeAll(by);
        var lens = await queries.Lens(new Times(KnownAt: request.KnownAt), by.Zone, ct, inBody: true);
        var wish = JsonSerializer.SerializeToNode(new HistoryRequest(lens.Position, request.WithKeys), AnswerJson.Options)!;
        return await jobs.Ask(by.Tenant, HistoryWork.Name, SubjectOf(by), wish, by.Id, ct)
            ?? throw Rejection.WrongState("export.busy", "The history is being exported already; wait for the end of that, or cancel it.");
    }

    public async Task<ExportList> All(Caller by, CancellationToken ct)
    {
        MustSeeAll(by);
        return new ExportList([.. (await jobs.About(by.Tenant, SubjectOf(by), ct)).Take(100).Select(JobAnswer.Of)]);
    }

    /// <exception cref="Rejection">There is none with this id.</exception>
    public async Task<Job> Find(Caller by, Guid id, CancellationToken ct)
    {
        MustSeeAll(by);
        return await jobs.Find(by.Tenant, id, ct) is { Kind: HistoryWork.Name } job ? job : throw Rejection.Unknown("export.unknown", "There is no such export.");
    }

    public async Task<Job> Cancel(Caller by, Guid id, CancellationToken ct)
    {
        await Find(by, id, ct);
        await jobs.Cancel(by.Tenant, id, ct);
        return await Find(by, id, ct);
    }

    /// <exception cref="Rejection">There is none, or none any more.</exception>
    public async Task<IResult> File(Caller by, Guid id, CancellationToken ct)
    {
        var job = await Find(by, id, ct);
        if (!job.HasEnded)
        {
            throw Rejection.WrongState("export.under-way", "The export is not written yet; ask for it again until endedAt is there.");
        }

        return (await engine.Files.All(by.Tenant, id, ct)).FirstOrDefault(file => file is { Name: HistoryWork.File, IsComplete: true }) is { } kept
            ? new KeptFile(engine.Files.Read(by.Tenant, id, kept, ct), kept.Size, $"history-{job.AskedAt:yyyyMMdd'T'HHmmss'Z'}.zip")
            : throw Rejection.Unknown("export.no-file", "There is no file of this export: it did not succeed, or it is gone after thirty days.");
    }

    // A tenant has one under way at a time.
    private static Guid SubjectOf(Caller by) => StreamId.From(by.Tenant, "export", "history");

    // Facts are told whole: whose they are, and what is in them, is not looked at.
    private static void MustSeeAll(Caller by)
    {
        if (by.Sight.Owners is not null || by.Sight.Hidden.Count > 0)
        {
            throw new Problem(403, Code.Forbidden, "A history holds the records of everybody with all of their fields; it is for those who see all of these.");
        }
    }
}
