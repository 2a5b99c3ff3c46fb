namespace Crm.Api.Exports;

/// <summary>Ids in an order, on the disk rather than in memory: sixteen megabytes for a million. It is gone when it is closed.</summary>
internal sealed class IdFile : IAsyncDisposable
{
    private const int Size = 16;

    private readonly FileStream file = Open();

    public void Add(Guid id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        id.TryWriteBytes(bytes);
        file.Write(bytes);
    }

    /// <summary>All are there: they are read from the first on.</summary>
    public void Rewind() => file.Position = 0;

    /// <summary>The next ids; none at the end.</summary>
    public IReadOnlyList<Guid> Next(int most)
    {
        var bytes = new byte[most * Size];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return [.. Enumerable.Range(0, read / Size).Select(i => new Guid(bytes.AsSpan(i * Size, Size)))];
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private static FileStream Open()
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"crm-order-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 1 << 16,
            FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            // Its name is of no use, and a program that is killed leaves none behind.
            File.Delete(file.Name);
        }

        return file;
    }
}
