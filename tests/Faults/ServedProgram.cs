using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Crm.Api.Tests.Faults;

/// <summary>The program itself, serving in a process of its own that a test may kill.</summary>
internal sealed class ServedProgram : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly Process process;

    private ServedProgram(Process process) => this.process = process;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it, and waits until it says that it serves.</summary>
    public static async Task<ServedProgram> Start(string folder, int port)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Crm.Api.dll"), "serve"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["Crm__DataDirectory"] = folder;
        start.Environment["Crm__Port"] = $"{port}";
        var process = Process.Start(start)!;
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

        return new ServedProgram(process);
    }

    /// <summary>kill -9 of this process alone; its PostgreSQL runs on.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Longest);
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process.Dispose();
    }
}
