using System.Security.Cryptography;
using Crm.EventStore.Contents;
using Crm.EventStore.ReadModels;

namespace Crm.EventStore.Histories;

/// <summary>Contents of attached files in the folder of a history: each as it lies in the store, sealed. Their keys are rows among the others.</summary>
internal static class HistoryContents
{
    public const string Table = "content_bytes";

    private const string Prefix = "content-";
    private const string Suffix = ".sealed";

    /// <param name="tenant">Null for all of them.</param>
    /// <returns>The files, and how many contents are not in the store.</returns>
    public static async Task<(IReadOnlyList<HistoryFile> Files, int Missing)> Write(
        SealedContents contents, string folder, string? tenant, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var (written, missing) = (new List<HistoryFile>(), 0);
        foreach (var address in await contents.Addresses(tenant, ct))
        {
            await using var bytes = contents.Sealed(address);
            if (bytes is null)
            {
                missing++;
                continue;
            }

            var name = $"{Prefix}{address}{Suffix}";
            await using var file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.ReadWrite);
            await bytes.CopyToAsync(file, ct);
            file.Flush(flushToDisk: true);
            file.Position = 0;
            written.Add(new HistoryFile(name, Table, 0, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct))));
            progress?.Report(new RebuildProgress("Writing attached files", written.Count, written.Count));
        }

        return (written, missing);
    }

    /// <exception cref="HistoryProblem">There is no place for them.</exception>
    public static void MustHavePlace(SealedContents? contents, HistoryManifest manifest)
    {
        if (contents is null && manifest.Files.Any(file => file.Table == Table))
        {
            throw new HistoryProblem("There are attached files in this export, and no folder to put them into: set Crm__AttachmentFolder.");
        }
    }

    public static async Task Load(SealedContents? contents, HistoryFolder folder, IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        var (done, all) = (0, folder.Manifest.Files.Where(file => file.Table == Table).ToList());
        foreach (var file in all)
        {
            await using var bytes = folder.Open(file);
            await contents!.Put(Address(file), bytes, ct);
            progress?.Report(new RebuildProgress("Loading attached files", ++done, all.Count));
        }
    }

    private static string Address(HistoryFile file)
    {
        var isOurs = file.Name.StartsWith(Prefix, StringComparison.Ordinal) && file.Name.EndsWith(Suffix, StringComparison.Ordinal);
        var address = isOurs ? file.Name[Prefix.Length..^Suffix.Length] : "";
        return address.Length == 64 && address.All(char.IsAsciiHexDigitLower) ? address : throw new HistoryProblem($"'{file.Name}' is no name of an attached file.");
    }
}
