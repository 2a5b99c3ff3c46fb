using System.IO.Compression;
using System.Security.Cryptography;

namespace Crm.EventStore.Histories;

/// <summary>Writes the rows of one table to files of about the same size.</summary>
/// <param name="fullAt">At how many bytes, before they are compressed, the next file begins.</param>
internal sealed class HistoryFiles(string folder, HistoryTable table, long fullAt) : IAsyncDisposable
{
    private readonly List<HistoryFile> written = [];
    private string name = "";
    private Stream? file;
    private CheckedLines lines = new("");
    private long rows;
    private long bytes;

    public async ValueTask Write(ReadOnlyMemory<byte> row, CancellationToken ct)
    {
        if (file is null || bytes >= fullAt)
        {
            await Close(ct);
            name = $"{table.Name}-{written.Count + 1:000000}.ndjson.gz";
            lines = new CheckedLines(name);
            file = new GZipStream(new BufferedStream(new FileStream(Path.Combine(folder, name), FileMode.CreateNew), 1 << 16), CompressionLevel.Fastest);
        }

        var line = lines.Mark(row.Span);
        await file.WriteAsync(line, ct);
        (rows, bytes) = (rows + 1, bytes + line.Length);
    }

    /// <summary>All files, each safely on the disk.</summary>
    public async Task<IReadOnlyList<HistoryFile>> Finish(CancellationToken ct)
    {
        await Close(ct);
        return written;
    }

    public async ValueTask DisposeAsync()
    {
        if (file is not null)
        {
            await file.DisposeAsync();
        }
    }

    private async Task Close(CancellationToken ct)
    {
        if (file is null)
        {
            return;
        }

        await file.DisposeAsync();
        file = null;
        await using var stored = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.ReadWrite);
        stored.Flush(flushToDisk: true);
        written.Add(new HistoryFile(name, table.Name, rows, stored.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stored, ct))));
        (rows, bytes) = (0, 0);
    }
}
