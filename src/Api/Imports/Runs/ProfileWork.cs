using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Imports.Profiles;
using Crm.Api.Jobs;
using Crm.EventStore.Sealing;

namespace Crm.Api.Imports.Runs;

/// <summary>Says what stands in the files of an import, and proposes a mapping. What it found is kept sealed, like the files: it has examples of what stands there.</summary>
internal sealed class ProfileWork(Engine engine, ImportTable imports) : IJobKind
{
    public const string Profile = "import-profile";

    /// <summary>Under which name it is kept; files of people have no point in front.</summary>
    public const string Name = ".profile.json";

    public string Kind => Profile;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        progress.Report("Looking through the files", 0, 0);
        try
        {
            var names = (await engine.Files.All(job.Tenant, job.Subject, ct)).Where(file => file.IsComplete && file.Name != Name).Select(file => file.Name);
            using var scratch = await Scratch.Of(engine.Files, job.Tenant, job.Subject, names, ct);
            var profile = await Task.Run(() => Profiler.Look(scratch.Folder, currency: null, ct), ct);
            profile = profile with { Mapping = await Named(profile.Mapping, Path.GetFileName(scratch.Folder), job, ct) };
            var bytes = JsonSerializer.SerializeToUtf8Bytes(profile, AnswerJson.Options);
            await engine.Files.Begin(job.Tenant, job.Subject, Name, ct);
            var at = 0;
            foreach (var piece in bytes.Chunk(SealedFiles.LongestPiece))
            {
                await engine.Files.Add(job.Tenant, job.Subject, Name, at, piece, isLast: at + piece.Length == bytes.Length, ct);
                at += piece.Length;
            }

            return new JsonObject { ["files"] = profile.Files.Count, ["rows"] = profile.Files.Sum(file => file.Rows), ["mappingProposed"] = profile.Mapping is not null };
        }
        catch (ImportProblem problem)
        {
            throw new JobFailed(problem.Message, problem);
        }
    }

    // The proposal calls the source as its folder is called, and ours has a name of chance.
    private async Task<string?> Named(string? mapping, string folder, Job job, CancellationToken ct)
    {
        var name = (await imports.Find(job.Tenant, job.Subject, ct))?.Name ?? "";
        var source = string.Join('-', new string([.. name.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return mapping?.Replace(folder, source.Length > 0 ? source : "import", StringComparison.OrdinalIgnoreCase);
    }
}
