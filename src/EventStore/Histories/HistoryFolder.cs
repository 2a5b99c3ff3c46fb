using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Crm.EventStore.ReadModels;

namespace Crm.EventStore.Histories;

/// <summary>A history in a folder, to be read.</summary>
public sealed class HistoryFolder
{
    private readonly string folder;

    private HistoryFolder(string folder, HistoryManifest manifest) => (this.folder, Manifest) = (folder, manifest);

    public HistoryManifest Manifest { get; }

    /// <exception cref="HistoryProblem">It is none, or not whole.</exception>
    public static async Task<HistoryFolder> Open(string folder, CancellationToken ct) => new(folder, await HistoryManifest.Read(folder, ct));

    /// <summary>That every file is there as it was written, to the byte.</summary>
    /// <exception cref="HistoryProblem">One is not: which, and from which line on.</exception>
    public async Task MustBeWhole(IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var (done, total) = (0L, Manifest.Files.Sum(file => file.Bytes));
        foreach (var file in Manifest.Files)
        {
            var path = PathOf(file);
            if (!File.Exists(path))
            {
                throw new HistoryProblem($"{file.Name} is missing in {folder}.");
            }

            await using (var bytes = File.OpenRead(path))
            {
                if (bytes.Length == file.Bytes && Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, ct)) == file.Sha256)
                {
                    progress?.Report(new RebuildProgress("Checking files", done += file.Bytes, total));
                    continue;
                }
            }

            if (file.Table == HistoryContents.Table)
            {
                throw new HistoryProblem($"{file.Name} is not the file that was written: its checksum is another.");
            }

            // Which line it is; where every line is whole, the file was packed anew.
            await foreach (var _ in Lines(file, ct))
            {
            }

            throw new HistoryProblem($"{file.Name} is not the file that was written: its checksum is another, though its {file.Rows} lines are whole.");
        }
    }

    internal Stream Open(HistoryFile file) => File.OpenRead(PathOf(file));

    internal IAsyncEnumerable<byte[]> Rows(HistoryTable table, CancellationToken ct) =>
        Manifest.Files.Where(file => file.Table == table.Name).ToAsyncEnumerable().SelectMany(file => Lines(file, ct));

    private async IAsyncEnumerable<byte[]> Lines(HistoryFile file, [EnumeratorCancellation] CancellationToken ct)
    {
        var (lines, line) = (new CheckedLines(file.Name), 0L);
        await using var packed = new GZipStream(File.OpenRead(PathOf(file)), CompressionMode.Decompress);
        var reader = PipeReader.Create(packed, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        for (var isLast = false; !isLast;)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(ct);
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
                throw Wrong($"it cannot be unpacked from here on ({error.Message})");
            }

            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var row = rest.Slice(0, end).ToArray();
                line++;
                yield return lines.Follows(row) ? row : throw Wrong("it is not what was written there", line);
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            isLast = read.IsCompleted;
            if (isLast && (!rest.IsEmpty || line != file.Rows))
            {
                throw Wrong($"it ends here, and should have {file.Rows} lines");
            }

            reader.AdvanceTo(rest.Start, rest.End);
        }

        HistoryProblem Wrong(string what, long? at = null) => new($"{file.Name}, line {at ?? line + 1}: {what}. The file was damaged, cut off or changed.");
    }

    // Names come from a file that anybody may have written.
    private string PathOf(HistoryFile file) => Path.GetFileName(file.Name) == file.Name
        ? Path.Combine(folder, file.Name)
        : throw new HistoryProblem($"'{file.Name}' is no name of a file in the folder.");
}
