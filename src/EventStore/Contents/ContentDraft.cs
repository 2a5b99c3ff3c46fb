using System.Security.Cryptography;

namespace Crm.EventStore.Contents;

/// <summary>A content on its way in: sealed as it comes, so that nothing of it ever lies on a disk in clear.</summary>
public sealed class ContentDraft : IAsyncDisposable
{
    private readonly IContentDraft draft;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] piece = new byte[ContentPieces.Clear];
    private int filled;
    private long pieces;

    internal ContentDraft(IContentDraft draft, byte[]? key = null) => (this.draft, Key) = (draft, key ?? RandomNumberGenerator.GetBytes(32));

    /// <summary>In bytes, of what has come.</summary>
    public long Size { get; private set; }

    /// <summary>In lower-case hex; known when all has come.</summary>
    public string Sha256 { get; private set; } = "";

    internal byte[] Key { get; }

    public async Task Write(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        hash.AppendData(bytes.Span);
        Size += bytes.Length;
        while (bytes.Length > 0)
        {
            // A full piece waits for the next byte: only then it is not the last.
            if (filled == piece.Length)
            {
                await Put(isLast: false, ct);
            }

            var taken = Math.Min(bytes.Length, piece.Length - filled);
            bytes[..taken].CopyTo(piece.AsMemory(filled));
            filled += taken;
            bytes = bytes[taken..];
        }
    }

    public async Task Finish(CancellationToken ct)
    {
        await Put(isLast: true, ct);
        Sha256 = Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>What came, in clear; to be read before it is kept.</summary>
    public Stream Read() => new ContentStream(draft.Body, Key, Size, leaveOpen: true);

    internal Task Keep(string address, CancellationToken ct) => draft.Keep(address, ct);

    public ValueTask DisposeAsync()
    {
        hash.Dispose();
        return draft.DisposeAsync();
    }

    private async Task Put(bool isLast, CancellationToken ct)
    {
        await draft.Body.WriteAsync(ContentPieces.Seal(Key, pieces++, isLast, piece.AsSpan(0, filled)), ct);
        filled = 0;
    }
}
