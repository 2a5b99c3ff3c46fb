using System.Runtime.InteropServices;

namespace Crm.EventStore.Contents;

/// <summary>Contents as files in a folder, which nodes of one store share.</summary>
public sealed class DiskContents : IContentStore
{
    private readonly string folder;
    private readonly string drafts;

    /// <param name="isOurs">Whether it may be made where it is not there. One that an operator names is there: it may be a disk that is away for a while.</param>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public DiskContents(string folder, bool isOurs = true)
    {
        (this.folder, drafts) = (folder, Path.Combine(folder, "drafts"));
        if (!isOurs && !Directory.Exists(folder))
        {
            throw new InvalidOperationException($"Crm:AttachmentFolder is '{folder}', and there is no such folder; make it, or have its disk mounted.");
        }

        OwnersFolder.Make(folder);
        OwnersFolder.Make(drafts);
    }

    public IContentDraft Draft() => new DiskDraft(this, Path.Combine(drafts, Guid.NewGuid().ToString("N")));

    public Stream? Open(string address)
    {
        try
        {
            return new FileStream(PathOf(address), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Remove(string address)
    {
        if (File.Exists(PathOf(address)))
        {
            File.Delete(PathOf(address));
        }
    }

    public void Sweep(DateTimeOffset before)
    {
        foreach (var left in new DirectoryInfo(drafts).EnumerateFiles().Where(file => file.LastWriteTimeUtc < before))
        {
            try
            {
                left.Delete();
            }
            catch (UnauthorizedAccessException)
            {
                // Another user's, who will sweep it himself.
            }
        }
    }

    // Some thousands of folders, each of a size that people can still list.
    private string PathOf(string address) => Path.Combine(folder, address[..3], address);

    // A name is on the disk only when its folder is.
    private static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var directory = OpenDirectory(folder, flags: 0);
        if (directory < 0 || FlushDirectory(directory) != 0)
        {
            var error = Marshal.GetLastPInvokeErrorMessage();
            _ = directory < 0 ? 0 : CloseDirectory(directory);
            throw new IOException($"{folder} cannot be written to the disk: {error}");
        }

        _ = CloseDirectory(directory);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenDirectory([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FlushDirectory(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int CloseDirectory(int descriptor);

    private sealed class DiskDraft(DiskContents contents, string path) : IContentDraft
    {
        private readonly FileStream body = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

        public Stream Body => body;

        public async Task Keep(string address, CancellationToken ct)
        {
            await body.FlushAsync(ct);
            body.Flush(flushToDisk: true);
            var place = Path.GetDirectoryName(contents.PathOf(address))!;
            OwnersFolder.Make(place);
            File.Move(path, contents.PathOf(address), overwrite: true);
            Flush(place);

            // Whoever made the folder may not have come to it yet.
            Flush(contents.folder);
        }

        public async ValueTask DisposeAsync()
        {
            await body.DisposeAsync();
            File.Delete(path);
        }
    }
}
