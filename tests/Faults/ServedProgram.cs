using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Crm.Faults.Tests;

/// <summary>The program itself, in a process of its own that a test may kill or freeze.</summary>
internal sealed class ServedProgram : IAsyncDisposable
{
    /// <summary>What opens every one of them.</summary>
    public const string Key = "key-of-the-faults";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly ConcurrentQueue<string> words = new();
    private readonly Process process;

    private ServedProgram(Process process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    public bool HasExited => process.HasExited;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Serves, and waits until it says so.</summary>
    public static async Task<ServedProgram> Serve(int port, IReadOnlyDictionary<string, string> environment)
    {
        var process = Begin(["serve"], [.. environment, new("Crm__Port", $"{port}")]);
        var words = process.StandardError.ReadToEndAsync();
        var serves = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("Serving on", StringComparison.Ordinal) is true)
            {
                serves.TrySetResult();
            }
        };
        process.BeginOutputReadLine();
        var exit = process.WaitForExitAsync();
        if (await Task.WhenAny(serves.Task, exit).WaitAsync(Longest) == exit)
        {
            throw new InvalidOperationException($"The program ended: {await words}");
        }

        return new ServedProgram(process, port);
    }

    /// <summary>Begins another verb; its words are kept.</summary>
    public static ServedProgram Run(string[] verb, IReadOnlyDictionary<string, string> environment)
    {
        var process = Begin(verb, environment);
        var program = new ServedProgram(process, 0);
        process.OutputDataReceived += (_, line) => program.words.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => program.words.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return program;
    }

    /// <summary>What a verb has said so far.</summary>
    public string Words => string.Join('\n', words);

    /// <summary>The exit code, when it has ended by itself.</summary>
    public async Task<int> Ended()
    {
        await process.WaitForExitAsync().WaitAsync(Longest);
        return process.ExitCode;
    }

    /// <summary>kill -9 of this process alone; its PostgreSQL runs on.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Longest);
    }

    /// <summary>Stops the world in it, until <see cref="Continue"/>.</summary>
    public Task Freeze() => Signal("STOP", process.Id);

    public Task Continue() => Signal("CONT", process.Id);

    public static async Task Signal(string signal, int pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        await kill.WaitForExitAsync();
        kill.ExitCode.ShouldBe(0, $"kill -{signal} {pid}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Kill();
        }

        process.Dispose();
    }

    private static Process Begin(string[] verb, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Crm.Api.dll"), .. verb])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["Crm__DevKey"] = Key;
        return Process.Start(start)!;
    }
}
