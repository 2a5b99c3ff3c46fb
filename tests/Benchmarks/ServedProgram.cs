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

    public static async Task<ServedProgram> Start(string connection, CancellationToken ct)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Crm.Api.dll"), "serve"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ConnectionStrings__Crm"] = connection;
        start.Environment["Crm__MasterKey"] = Convert.ToBase64String(new byte[32]);
        start.Environment["Crm__DevKey"] = Key;
        start.Environment["Crm__Port"] = $"{port}";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        var process = Process.Start(start)!;
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

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
