using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Activities;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.Contents;
using Crm.EventStore.Sealing;

namespace Crm.Api.Attachments;

/// <summary>Files of records: taken in, told of as of any moment, and given back.</summary>
internal sealed class AttachmentDesk(Engine engine, Records records, Queries queries, Unsealer unsealer, IScanner scanner)
{
    private const int MostParts = 1000;

    private SealedContents Contents => engine.Contents ?? throw new Problem(503, "attachment.no-folder",
        "This installation has no folder for attachments; an operator sets Crm__AttachmentFolder.")
    { Retryable = false };

    /// <summary>Attaches the file of a form to a record.</summary>
    public async Task<IResult> Add(AttachmentKind kind, Guid record, HttpContext context, Incoming incoming, CancellationToken ct)
    {
        await Look(kind, incoming.By, record, new Times(), ct);
        await using var form = await AttachmentForm.Read(context, Contents, engine.Settings.LongestAttachment, ct);
        var type = await Checked(form, ct);
        var call = incoming.Call(new Body<AttachFileRequest>(form.Said, form.Fingerprint), form.Said.OccurredAt, StatusCodes.Status201Created);
        var seal = new Seal(engine.Sealer, incoming.By.Tenant, person: record, isNew: false, ct);
        var file = new AttachedFile(
            form.Said.Id ?? call.NewId("attachment"), await seal.Required(form.Name), type.MediaType, form.Draft.Size, form.Draft.Sha256,
            form.Said.Label, form.Said.TouchId);
        if (!call.IsDryRun)
        {
            await Keep(form.Draft, incoming.By.Tenant, type, record, ct);
        }

        var written = await kind.Add(engine.Commands, record, file, call with { PersonKeys = seal.Made }, ct);
        if (!call.IsDryRun)
        {
            await Contents.Attached(incoming.By.Tenant, file.Sha256, ct);
        }

        var address = $"/api/v1/{kind.Path}/{record}/attachments/{file.AttachmentId}/content";
        return new WriteResult(written, engine.Store.Epoch, written.Status == StatusCodes.Status201Created ? address : null,
            new AttachAnswer(written.Id, written.Version, written.Position, file.AttachmentId, form.Name, file.MediaType, file.Size, file.Sha256));
    }

    /// <summary>Takes an attachment away from the record, or from the part of it that it came by: whoever sees the record may.</summary>
    public async Task<Written> Remove(AttachmentKind kind, Guid record, Guid attachment, string? reason, Call call, CancellationToken ct)
    {
        var (versions, found) = await Look(kind, call.By, record, new Times(), ct);
        var part = found.FirstOrDefault(a => a.File.AttachmentId == attachment)?.Record ?? record;
        if (part == record)
        {
            return await kind.Remove(engine.Commands, record, attachment, reason, call, ct);
        }

        if (call.IfMatch?.Allows(versions.Own) == false)
        {
            throw Commands.PreconditionFailed(versions.Own);
        }

        return await kind.Remove(engine.Commands, part, attachment, reason, call with { IfMatch = null, By = call.By with { Sight = Sight.Everything } }, ct);
    }

    /// <summary>The attachments of a record, and of what is part of it, in the order in which they came.</summary>
    public async Task<IResult> List(AttachmentKind kind, Caller by, Guid record, Times times, IfNoneMatch held, CancellationToken ct)
    {
        var (versions, found) = await Look(kind, by, record, times, ct);
        var items = new List<AttachmentAnswer>();
        foreach (var attachment in found.Where(attachment => !attachment.IsRemoved))
        {
            items.Add(await Answer(attachment, by, record, ct));
        }

        // What happens to a part changes the list, too.
        return new Found(new AttachmentList(items), versions.All, held);
    }

    /// <summary>What is in a file, to be saved and never to be shown by a browser as a page of ours.</summary>
    public async Task<IResult> Content(AttachmentKind kind, Caller by, Guid record, Guid attachment, Times times, HttpContext context, CancellationToken ct)
    {
        var found = await Find(kind, by, record, attachment, times, ct);
        var name = await unsealer.Open(by.Tenant, found.File.Name.Sealed, ct);
        var content = await Contents.Open(by.Tenant, found.File.Sha256, ct)
            ?? throw new Problem(410, "attachment.gone", "The content of this file was erased, or is not in this installation's folder.");
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Stream(content, found.File.MediaType, name ?? "file", found.At,
            new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{found.File.Sha256}\""), enableRangeProcessing: true);
    }

    private async Task<FileType> Checked(AttachmentForm form, CancellationToken ct)
    {
        await using var file = form.Draft.Read();
        var type = await Inspection.Of(file, form.Name, ct);
        return await scanner.Find(file, ct) is not { } malware ? type
            : throw Inspection.Refused("attachment.malware", $"The scanner found {malware} in the file.");
    }

    private async Task Keep(ContentDraft draft, string tenant, FileType type, Guid record, CancellationToken ct)
    {
        if (!await Contents.Keep(draft, tenant, type.MediaType, record, engine.Settings.TenantAttachmentsMiB << 20, ct))
        {
            throw Inspection.Refused(
                "attachment.no-room", "All attachments together would be larger than an operator set for a tenant (Crm__TenantAttachmentsMiB).");
        }
    }

    private async Task<Attached> Find(AttachmentKind kind, Caller by, Guid record, Guid attachment, Times times, CancellationToken ct) =>
        (await Look(kind, by, record, times, ct)).Attached.FirstOrDefault(a => a.File.AttachmentId == attachment && !a.IsRemoved)
            ?? throw Rejection.Unknown("attachment.unknown", "There is no such attachment (at that time).");

    private async Task<((long Own, long All) Versions, IReadOnlyList<Attached> Attached)> Look(
        AttachmentKind kind, Caller by, Guid record, Times times, CancellationToken ct)
    {
        if (!by.Rights.Functions.Contains(kind.Function))
        {
            throw Refusal.NotPermitted(kind.Function);
        }

        var (lens, events) = await kind.Stream(records, by, record, times, ct);
        var (found, left, seen) = (new List<Attached>(), new Queue<(Guid Record, IReadOnlyList<Recorded> Events)>([(record, events)]), new HashSet<Guid> { record });
        var all = 0L;
        while (left.TryDequeue(out var next))
        {
            all += next.Events is [.., var last] ? last.Version : 0;
            var facts = FoldOrder.Of(next.Events, engine.Store.Types).Where(fact => fact.OccurredAt < lens.Until).ToList();
            found.AddRange(Attached.Of(next.Record, facts));
            foreach (var part in kind.Parts(facts).Where(seen.Add).Take(MostParts - seen.Count))
            {
                left.Enqueue((part, await queries.Events(by.Tenant, part, lens, ct)));
            }
        }

        return ((events[^1].Version, all), [.. found.OrderBy(a => a.At).ThenBy(a => a.File.AttachmentId)]);
    }

    private async Task<AttachmentAnswer> Answer(Attached a, Caller by, Guid record, CancellationToken ct) => new(
        a.File.AttachmentId, await unsealer.Open(by.Tenant, a.File.Name.Sealed, ct), a.File.MediaType, a.File.Size, a.File.Sha256, a.File.Label,
        a.File.TouchId, a.At, a.By, a.Record == record ? null : a.Record);

    /// <summary>A file that is attached, or was, and to which record.</summary>
    private sealed record Attached(Guid Record, AttachedFile File, DateTimeOffset At, string? By, bool IsRemoved = false)
    {
        public static IEnumerable<Attached> Of(Guid record, IReadOnlyList<Recorded> facts)
        {
            var held = new Dictionary<Guid, Attached>();
            foreach (var fact in facts)
            {
                if (fact.Data is IAttachmentAdded { File: var file })
                {
                    held[file.AttachmentId] = new Attached(record, file, fact.OccurredAt, fact.Metadata.Actor);
                }
                else if (fact.Data is IAttachmentRemoved { AttachmentId: var removed } && held.TryGetValue(removed, out var known))
                {
                    held[removed] = known with { IsRemoved = true };
                }
            }

            return held.Values;
        }
    }
}
