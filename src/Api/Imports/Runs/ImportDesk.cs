using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Jobs;
using Crm.Api.Lists;
using Crm.Domain;

namespace Crm.Api.Imports.Runs;

/// <summary>Looks after imports: what may be done with one when, and what there is to tell of it.</summary>
internal sealed class ImportDesk(Engine engine, ImportTable imports, JobTable jobs, Cursors cursors)
{
    public async Task<ImportAnswer> Make(Caller by, MakeImportRequest r, CancellationToken ct)
    {
        MustSeeAll(by);
        var id = Guid.CreateVersion7();
        await imports.Make(by.Tenant, id, r.Name, by.Id, ct);
        return await Answer(by, id, ct);
    }

    public async Task<ImportPage> Page(Caller by, Page page, CancellationToken ct)
    {
        var bound = JsonSerializer.Serialize((object[])["imports", by.Tenant]);
        var before = page.Cursor is { } cursor
            ? Guid.Parse(cursors.Read(cursor, bound, (code, message) => Fault.InQuery("cursor", code, message)).Keys[0]!)
            : Guid.AllBitsSet;
        var found = await imports.Page(by.Tenant, before, page.Limit + 1, ct);
        var shown = found.Take(page.Limit).ToList();
        var next = found.Count > shown.Count ? cursors.Write(new Cursor(0, [shown[^1].Id.ToString()]), bound) : null;
        return new ImportPage([.. shown.Select(import => new ImportOverview(import.Id, import.Name, import.MadeBy, import.MadeAt))], next);
    }

    public async Task<ImportAnswer> Answer(Caller by, Guid id, CancellationToken ct)
    {
        var import = await Find(by, id, ct);
        var asked = await jobs.About(by.Tenant, id, ct);
        var files = (await engine.Files.All(by.Tenant, id, ct)).Where(file => file.Name != ProfileWork.Name);
        return new ImportAnswer(
            id, import.Name, StateOf(import, asked), [.. files.Select(ImportFileAnswer.Of)], import.Mapping is { } mapping ? JsonNode.Parse(mapping, documentOptions: Mapping.Json) : null,
            KindCounts.Of(await imports.Counts(by.Tenant, id, ct)), [.. asked.Select(JobAnswer.Of)], import.MadeBy, import.MadeAt);
    }

    /// <exception cref="Rejection">There is none.</exception>
    public async Task<Import> Find(Caller by, Guid id, CancellationToken ct) =>
        await imports.Find(by.Tenant, id, ct) ?? throw Rejection.Unknown("import.unknown", "There is no such import.");

    /// <summary>The import for somebody who may have what stands in its files.</summary>
    /// <exception cref="Rejection">There is none.</exception>
    /// <exception cref="Problem">403: he does not see all records with all of their fields.</exception>
    public async Task<Import> FindForWork(Caller by, Guid id, CancellationToken ct)
    {
        var import = await Find(by, id, ct);
        MustSeeAll(by);
        return import;
    }

    /// <exception cref="Rejection">Its rows are being taken in, or have been.</exception>
    public async Task<Import> MustBeOpen(Caller by, Guid id, CancellationToken ct)
    {
        var import = await FindForWork(by, id, ct);
        var asked = await jobs.About(by.Tenant, id, ct);
        return asked.FirstOrDefault(job => !job.HasEnded) is { } busy ? throw Busy(busy)
            : StateOf(import, asked) is ImportState.Imported or ImportState.Undone || (await imports.Counts(by.Tenant, id, ct)).Count > 0
                ? throw Rejection.WrongState("import.done", "Rows of this import were taken in; make another for other files.")
                : import;
    }

    public async Task<ImportAnswer> Map(Caller by, Guid id, HttpContext context, CancellationToken ct)
    {
        await MustBeOpen(by, id, ct);
        var text = Encoding.UTF8.GetString(await RequestBytes.Read(context));
        _ = Parse(text);
        await imports.Map(by.Tenant, id, text, ct);
        return await Answer(by, id, ct);
    }

    /// <summary>Asks for a job about an import.</summary>
    public async Task<Job> Ask(Caller by, Guid id, string kind, CancellationToken ct)
    {
        var import = await FindForWork(by, id, ct);
        var asked = await jobs.About(by.Tenant, id, ct);
        MustBeReady(kind, import, asked, [.. (await engine.Files.All(by.Tenant, id, ct)).Where(file => file.IsComplete).Select(file => file.Name)]);
        return await jobs.Ask(by.Tenant, kind, id, new JsonObject { ["mapping"] = import.Mapping }, by.Id, ct) ?? throw Busy(asked.FirstOrDefault(job => !job.HasEnded));
    }

    /// <summary>What the last look through the files has found, as JSON.</summary>
    /// <exception cref="Rejection">Nobody has looked through them yet.</exception>
    public async Task<byte[]> Profile(Caller by, Guid id, CancellationToken ct)
    {
        await FindForWork(by, id, ct);
        if ((await engine.Files.All(by.Tenant, id, ct)).FirstOrDefault(file => file.Name == ProfileWork.Name && file.IsComplete) is not { } file)
        {
            throw Rejection.Unknown("import.no-profile", "The files were not looked through yet: POST …/profile.");
        }

        using var profile = new MemoryStream();
        await foreach (var piece in engine.Files.Read(by.Tenant, id, file, ct))
        {
            profile.Write(piece);
        }

        return profile.ToArray();
    }

    /// <exception cref="Rejection">The import has none with this id.</exception>
    public async Task<Job> Job(Caller by, Guid id, Guid job, CancellationToken ct)
    {
        await Find(by, id, ct);
        return await jobs.Find(by.Tenant, job, ct) is { } found && found.Subject == id ? found : throw Rejection.Unknown("import.job-unknown", "The import has no such job.");
    }

    public async Task<Job> Cancel(Caller by, Guid id, Guid job, CancellationToken ct)
    {
        await FindForWork(by, id, ct);
        await Job(by, id, job, ct);
        await jobs.Cancel(by.Tenant, job, ct);
        return await Job(by, id, job, ct);
    }

    /// <exception cref="Rejection">It has none.</exception>
    public static Mapping MappingOf(Import import) =>
        Parse(import.Mapping ?? throw Rejection.BrokenRule("import.mapping", "The import has no mapping yet: PUT …/mapping."));

    private static void MustBeReady(string kind, Import import, IReadOnlyList<Job> asked, IReadOnlyCollection<string> complete)
    {
        if (asked.FirstOrDefault(job => !job.HasEnded) is { } busy)
        {
            throw Busy(busy);
        }

        var state = StateOf(import, asked);
        if (kind == ImportUndo.Undo)
        {
            if (state is not (ImportState.Imported or ImportState.Stopped))
            {
                throw Rejection.WrongState("import.not-run", "There is nothing to take back: the import has not run, or is undone already.");
            }

            return;
        }

        if (state == ImportState.Imported || asked.Any(job => job.Kind == ImportUndo.Undo))
        {
            throw Rejection.WrongState("import.done", "This import is done; make another for other files.");
        }

        if (kind == ProfileWork.Profile)
        {
            if (complete.All(file => file == ProfileWork.Name))
            {
                throw Rejection.BrokenRule("import.files", "There is no file yet that could be looked through.");
            }

            return;
        }

        var mapping = MappingOf(import);
        var missing = mapping.Files.Where(file => !complete.Contains(file)).ToList();
        if (missing.Count > 0)
        {
            throw Rejection.BrokenRule("import.files", $"The mapping asks for files that are not here, or not all of: {string.Join(", ", missing)}.");
        }
    }

    private static Mapping Parse(string text)
    {
        try
        {
            return Mapping.Parse(text);
        }
        catch (ImportProblem problem)
        {
            throw Rejection.BrokenRule("import.mapping", problem.Message);
        }
    }

    private static ImportState StateOf(Import import, IReadOnlyList<Job> newestFirst) =>
        newestFirst.FirstOrDefault(job => job.Kind is ImportWork.Real or ImportUndo.Undo) switch
        {
            // One that came with a history has no jobs any more.
            null => import.BeganAt is null ? ImportState.Open : ImportState.Stopped,
            { HasEnded: false } => ImportState.Running,
            { State: JobState.Succeeded, Kind: ImportWork.Real } => ImportState.Imported,
            { State: JobState.Succeeded } => ImportState.Undone,
            _ => ImportState.Stopped
        };

    private static Rejection Busy(Job? job) => Rejection.WrongState("import.busy", job is null
        ? "Something is being done with this import."
        : $"A job ({job.Kind}) is under way with this import: {job.Id}. Wait for its end, or cancel it.");

    // Rows become records of anybody's.
    private static void MustSeeAll(Caller by)
    {
        if (by.Sight.Owners is not null || by.Sight.Hidden.Count > 0)
        {
            throw new Problem(403, Code.Forbidden, "Imports hold records of everybody with all of their fields; they are for those who see all of these.");
        }
    }
}
