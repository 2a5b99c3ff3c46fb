namespace Crm.EventStore.Local;

/// <summary>What the server wrote down: a file per weekday, and one with the first words of the last start.</summary>
internal sealed class ServerLog(string folder)
{
    private const long LargestKept = 10_000_000;

    public static string FirstWordsIn(string folder) => Path.Combine(folder, "start.log");

    /// <summary>Before a start: drops what is older than a week or too large, since a server that was down could not.</summary>
    public void Tidy()
    {
        foreach (var file in new DirectoryInfo(folder).GetFiles("*.log"))
            if (file.Name == "start.log" || file.Length > LargestKept || file.LastWriteTimeUtc < DateTime.UtcNow.AddDays(-6))
                file.Delete();
    }

    /// <summary>The last lines of it, newest file last.</summary>
    public string LastWords() =>
        !Directory.Exists(folder)
            ? ""
            : string.Join('\n', new DirectoryInfo(folder).GetFiles("*.log")
                .OrderBy(file => file.LastWriteTimeUtc)
                .TakeLast(2)
                .SelectMany(file => LinesOf(file.FullName).TakeLast(20)));

    private static IEnumerable<string> LinesOf(string path)
    {
        // The server may still be writing.
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
