using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Crm.Benchmarks;

/// <summary>The product itself in a process of its own, on a database.</summary>
public sealed class ServedProgram : IAsyncDisposable
{
    public const string Key = "key-of-the-benchmarks";

    private readonly Process process;

    private ServedProgram(Process process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    /// <summary>The most that it ever had, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>How long cores have worked for it.</summary>
    public TimeSpan Worked
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <param name="settings">Further settings, as the environment has them.</param>
    public static async Task<ServedProgram> Start(string connection, CancellationToken ct, params IReadOnlyList<(string Name, string Value)> settings)
    {
        var port = FreePort();
        var process = Begin(connection, ["serve"], [("Crm__Port", $"{port}"), ("Crm__DevKey", Key), .. settings]);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var program = new ServedProgram(process, port);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await program.IsReady(patience.Token))
        {
            await Task.Delay(100, patience.Token);
        }

        return program;
    }

    /// <summary>Makes a tenant, before the program serves, and gives the key of its admin.</summary>
    public static async Task<string> NewTenant(string connection, string id, CancellationToken ct)
    {
        using var process = Begin(connection, ["tenants", "add", id], []);
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? (await said).Trim().Split('\n')[^1] : throw new InvalidOperationException(await wrong);
    }

    /// <summary>Whether every read model shows all that is written.</summary>
    public async Task<bool> IsReady(CancellationToken ct)
    {
        try
        {
            using var client = new RawClient(Port);
            var (status, _, body) = await client.Say("GET", "/health/ready", null, "", ct);
            return status == 200 && !System.Text.RegularExpressions.Regex.IsMatch(body, "\"behind\":[1-9]");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>Waits until every read model shows all that is written.</summary>
    public async Task Drained(CancellationToken ct)
    {
        while (!await IsReady(ct))
        {
            await Task.Delay(50, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static Process Begin(string connection, IEnumerable<string> words, IReadOnlyList<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Crm.Api.dll"), .. words])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ConnectionStrings__Crm"] = connection;
        start.Environment["Crm__MasterKey"] = Convert.ToBase64String(new byte[32]);
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
