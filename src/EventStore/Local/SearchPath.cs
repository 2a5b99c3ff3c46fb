namespace Crm.EventStore.Local;

/// <summary>The folders of <c>PATH</c>.</summary>
internal static class SearchPath
{
    /// <summary>The folders, in order.</summary>
    public static IEnumerable<string> Folders =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified);

    /// <summary>Where a program is, or nothing.</summary>
    public static string? Find(string program) =>
        Folders.SelectMany(folder => Spellings(program).Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private static string[] Spellings(string program) =>
        OperatingSystem.IsWindows() ? [program + ".exe", program + ".cmd"] : [program];
}
