using Crm.EventStore.Sealing;

namespace Crm.Api.Imports.Runs;

/// <summary>Files in clear that work needs for a while, in a folder that only this program's user may enter and that is gone afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    private const string Prefix = "crm-work-";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private Scratch(string folder) => Folder = folder;

    public string Folder { get; }

    public static Scratch Empty() => new(Directory.CreateTempSubdirectory(Prefix).FullName);

    /// <exception cref="ImportProblem">One of them is not here, or not all of it.</exception>
    public static async Task<Scratch> Of(SealedFiles files, string tenant, Guid import, IEnumerable<string> names, CancellationToken ct)
    {
        var (stored, scratch) = (await files.All(tenant, import, ct), Empty());
        try
        {
            foreach (var name in names.Distinct())
            {
                var file = stored.FirstOrDefault(file => file.Name == name && file.IsComplete) ?? throw new ImportProblem($"The file {name} is not here (any more), or not all of it.");
                await using var clear = File.Create(Path.Combine(scratch.Folder, file.Name));
                await foreach (var piece in files.Read(tenant, import, file, ct))
                {
                    await clear.WriteAsync(piece, ct);
                }
            }
        }
        catch
        {
            scratch.Dispose();
            throw;
        }

        return scratch;
    }

    /// <summary>Removes what programs left that died on the way.</summary>
    public static void Sweep(DateTimeOffset now)
    {
        foreach (var left in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories($"{Prefix}*").Where(folder => folder.LastWriteTimeUtc < now - Longest))
        {
            try
            {
                left.Delete(recursive: true);
            }
            catch (Exception error) when (error is UnauthorizedAccessException or IOException)
            {
                // Another user's, who will sweep it himself.
            }
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
