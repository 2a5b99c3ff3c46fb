using System.Diagnostics;
using Crm.Api.Tests.Http;

namespace Crm.Api.Tests.Contract;

/// <summary>A test that needs programs of others; where one of them is missing it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithAttribute : FactAttribute
{
    public FactWithAttribute(params string[] programs)
    {
        if (programs.FirstOrDefault(program => Node.Find(program) is null) is { } missing)
        {
            Skip = $"There is no {missing} on this machine, so what is written for it is not run.";
        }
    }
}

/// <summary>The tools of tests/Contract, in the versions that its lock file names; they are installed when first needed.</summary>
internal static class Node
{
    private static readonly Lazy<Task> Installed = new(Install);

    public static string Folder { get; } = Path.Combine(DocsTests.Root(), "tests", "Contract");

    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Named(Path.Combine(folder, program))).FirstOrDefault(file => file is not null);

    /// <summary>Runs a tool in the folder and gives what it said, both its streams one after the other.</summary>
    public static async Task<(int Exit, string Output)> Run(string tool, string[] words, params (string Name, string Value)[] environment)
    {
        await Installed.Value;
        return await Start(Named(Path.Combine(Folder, "node_modules", ".bin", tool)) ?? tool, words, environment);
    }

    /// <summary>Starts a tool of the folder that goes on until it is killed; what it says can be read.</summary>
    public static async Task<Process> Serve(string tool, string[] words, params (string Name, string Value)[] environment)
    {
        await Installed.Value;
        return Begin(Named(Path.Combine(Folder, "node_modules", ".bin", tool)) ?? tool, words, environment);
    }

    private static string? Named(string path) =>
        (OperatingSystem.IsWindows() ? [path + ".cmd", path + ".exe"] : new[] { path }).FirstOrDefault(File.Exists);

    private static async Task Install()
    {
        var (asked, there) = (Path.Combine(Folder, "package-lock.json"), Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (File.Exists(there) && File.GetLastWriteTimeUtc(there) >= File.GetLastWriteTimeUtc(asked))
        {
            return;
        }

        var (exit, output) = await Start("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], []);
        exit.ShouldBe(0, output);
    }

    private static async Task<(int, string)> Start(string program, string[] words, (string Name, string Value)[] environment)
    {
        using var process = Begin(program, words, environment);
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await wrong);
    }

    private static Process Begin(string program, string[] words, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Find(program) ?? program, words)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["npm_config_update_notifier"] = "false";
        return Process.Start(start)!;
    }
}
