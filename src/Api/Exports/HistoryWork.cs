using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Imports.Runs;
using Crm.Api.Jobs;
using Crm.EventStore.Histories;
using Crm.EventStore.ReadModels;
using Crm.EventStore.Sealing;

namespace Crm.Api.Exports;

/// <summary>What is wanted of a tenant's history.</summary>
/// <param name="Upto">The last position.</param>
internal sealed record HistoryRequest(long? Upto, bool WithKeys);

/// <summary>What came of it.</summary>
/// <param name="Position">Everything up to here is in it.</param>
/// <param name="Size">Of the file, in bytes.</param>
public sealed record HistoryResult(long Position, long Streams, long Events, long Size);

/// <summary>Writes a tenant's whole history to one file that waits to be fetched; begun again, it begins anew.</summary>
internal sealed class HistoryWork(Engine engine, TimeProvider clock) : IJobKind
{
    public const string Name = "export";
    public const string File = "history.zip";

    public string Kind => Name;

    public async Task<JsonNode?> Run(Job job, JobProgress progress, CancellationToken ct)
    {
        var request = job.Request.Deserialize<HistoryRequest>(AnswerJson.Options)!;
        using var scratch = Scratch.Empty();
        var (history, file) = (Path.Combine(scratch.Folder, "history"), Path.Combine(scratch.Folder, File));
        var wish = new HistoryWish(job.Tenant, request.Upto, WithKeys: request.WithKeys, WithContents: false);
        var manifest = await new HistoryExport(engine.Database, clock).Write(history, wish, new Told(progress), ct);
        progress.Report("Packing", 0, 0);
        await ZipFile.CreateFromDirectoryAsync(history, file, CompressionLevel.NoCompression, includeBaseDirectory: false, ct);
        var size = await Keep(job, file, progress, ct);
        var count = manifest.Tenants.GetValueOrDefault(job.Tenant);
        return JsonSerializer.SerializeToNode(new HistoryResult(manifest.Position, count?.Streams ?? 0, count?.Events ?? 0, size), AnswerJson.Options);
    }

    // Where any node finds it.
    private async Task<long> Keep(Job job, string path, JobProgress progress, CancellationToken ct)
    {
        await engine.Files.Begin(job.Tenant, job.Id, File, ct);
        await using var file = System.IO.File.OpenRead(path);
        var piece = new byte[SealedFiles.LongestPiece];
        for (long at = 0; at < file.Length;)
        {
            var read = await file.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, ct);
            if (!await engine.Files.Add(job.Tenant, job.Id, File, at, piece.AsMemory(0, read), isLast: at + read == file.Length, ct))
            {
                throw new IOException("Another attempt keeps the file as well.");
            }

            progress.Report("Keeping the file", at += read, file.Length);
        }

        return file.Length;
    }

    private sealed class Told(JobProgress progress) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => progress.Report(value.Phase, value.Done, value.Total);
    }
}
