using System.Security.Cryptography;

namespace Crm.EventStore.Contents;

/// <summary>A sealed content, to be read in clear from any place on.</summary>
/// <param name="size">Of the content in clear.</param>
internal sealed class ContentStream(Stream @sealed, byte[] key, long size, bool leaveOpen = false) : Stream
{
    private byte[] piece = [];
    private long held = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get; set; }

    private long Last => Math.Max(0, (size - 1) / ContentPieces.Clear);

    /// <exception cref="CryptographicException">It was moved, changed or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct = default)
    {
        if (Position >= size || buffer.Length == 0)
        {
            return 0;
        }

        var index = Position / ContentPieces.Clear;
        if (held != index)
        {
            @sealed.Position = index * ContentPieces.Sealed;
            var box = new byte[ContentPieces.Sealed];
            var length = await @sealed.ReadAtLeastAsync(box, box.Length, throwOnEndOfStream: false, ct);
            (piece, held) = (ContentPieces.Open(key, index, index == Last, box[..length]), index);
        }

        var from = (int)(Position % ContentPieces.Clear);
        var count = Math.Min(buffer.Length, piece.Length - from);
        piece.AsMemory(from, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken ct) => ReadAsync(buffer.AsMemory(offset, count), ct).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => size + offset
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            @sealed.Dispose();
        }

        base.Dispose(disposing);
    }
}
