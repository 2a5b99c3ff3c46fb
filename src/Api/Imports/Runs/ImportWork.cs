using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Jobs;

namespace Crm.Api.Imports.Runs;

/// <summary>Takes the files of an import in, row by row; begun again, it goes on with those that are not written down yet.</summary>
/// <param name="isDryRun">Decide on every row, tell what would become of it, and write nothing.</param>
internal sealed class ImportWork(Engine engine, ImportTable imports, TimeProvider clock, bool isDryRun) : IJobKind
{
    public const string Real = "import";
    public const string DryRun = "import-dry-run";

    public string Kind => isDryRun ? DryRun : Real;

    /// <exception cref="JobFailed">The files and the mapping do not fit.</exception>
    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        var import = await imports.Find(job.Tenant, job.Subject, ct) ?? throw new JobFailed("The import is gone.");
        try
        {
            var counts = isDryRun ? await Rehearse(job, import, progress, ct) : await Take(job, import, progress, ct);
            return JsonSerializer.SerializeToNode(new ImportResult(counts, isDryRun ? null : await Reached(ct)), AnswerJson.Options);
        }
        catch (ImportProblem problem)
        {
            throw new JobFailed(problem.Message, problem);
        }
    }

    // What an earlier beginning of the job wrote is not in the report of this one, but below the head it is.
    private async Task<string> Reached(CancellationToken ct) =>
        new PositionToken(engine.Store.Epoch, (await engine.Store.Head(ct)).Position).ToString();

    private async Task<IReadOnlyList<KindCounts>> Rehearse(Job job, Import import, JobProgress progress, CancellationToken ct)
    {
        var report = await Import(job, import, new ImportRun(import.Run) { IsDryRun = true }, progress, ct);
        return [.. report.Kinds.Select(KindCounts.Of)];
    }

    private async Task<IReadOnlyList<KindCounts>> Take(Job job, Import import, JobProgress progress, CancellationToken ct)
    {
        await imports.Begin(job.Tenant, import.Id, (await engine.Store.Head(ct)).Position, ct);
        var results = new RowResults(imports, engine.Store, job.Tenant, import);
        var run = new ImportRun(import.Run)
        {
            Done = async (kind, stop) => await imports.Done(job.Tenant, import.Id, kind.Name, stop),
            Took = results.Add,
            FileEnded = _ => results.Flush()
        };
        try
        {
            await Import(job, import, run, progress, ct);
        }
        finally
        {
            // What was taken is written down, also where somebody broke it off.
            await results.Flush();
        }

        return KindCounts.Of(await imports.Counts(job.Tenant, import.Id, ct));
    }

    private async Task<ImportReport> Import(Job job, Import import, ImportRun run, JobProgress progress, CancellationToken ct)
    {
        progress.Report("Looking at the files", 0, 0);
        var zone = engine.Organisations.ZoneOf(await engine.Organisations.Of(job.Tenant, ct));
        var importer = new Importer(engine.Store, engine.Commands, engine.Captures, engine.Sealer, zone, clock);
        var mapping = Mapping.Parse((string)job.Request["mapping"]!);
        using var scratch = await Scratch.Of(engine.Files, job.Tenant, import.Id, mapping.Files, ct);
        var told = new Told(step => progress.Report(isDryRun ? "Trying rows" : "Importing rows", step.Done, step.Total));
        return await importer.Run(scratch.Folder, mapping, new Caller(job.Tenant, job.AskedBy), run, told, ct);
    }

    private sealed class Told(Action<ImportProgress> tell) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => tell(value);
    }
}
