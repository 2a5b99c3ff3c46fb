namespace Crm.EventStore.Local;

/// <summary>The file in which a server names its process, and whether to believe it.</summary>
internal static class Postmaster
{
    /// <summary>
    /// Whether the process that the file names is the server of this data. The number alone proves nothing: after a crash or in a
    /// container it may be anybody's.
    /// </summary>
    public static bool Lives(DataFolder folder)
    {
        // Elsewhere a server is known by its answer alone.
        if (!OperatingSystem.IsLinux() || ReadOrNothing(FileIn(folder.Cluster)) is not { } note)
            return false;

        // A server works in the folder of its data, so there it finds this very file. A dead one not yet buried has no folder.
        var process = $"/proc/{note.Split('\n')[0].Trim()}";
        return ReadOrNothing($"{process}/comm")?.Trim() == "postgres" && ReadOrNothing(FileIn($"{process}/cwd")) == note;
    }

    /// <summary>Lets the next server ignore the process that the files of a dead one name.</summary>
    public static async Task Forget(DataFolder folder, Address address, Account account, CancellationToken ct)
    {
        // On Windows PostgreSQL sees by itself that a process is not one of its own.
        if (OperatingSystem.IsWindows())
            return;
        File.Delete(address.Socket + ".lock");
        if (!File.Exists(FileIn(folder.Cluster)))
            return;

        // Deleting this file too would be easier, and dangerous: by its other lines PostgreSQL finds out whether servants of the dead server
        // still write to the data. So only the number changes, to one that no process has.
        await account.Run("sh", ["-c", "sed '1s/.*/99999999/' postmaster.pid > postmaster.new && mv postmaster.new postmaster.pid"], folder.Cluster, ct);
    }

    private static string FileIn(string folder) => Path.Combine(folder, "postmaster.pid");

    private static string? ReadOrNothing(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
