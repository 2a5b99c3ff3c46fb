using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Crm.EventStore.Local;

/// <summary>Where the server listens: a socket in a folder that only its account may enter, or on Windows a port of this machine.</summary>
/// <param name="Host">The folder of the socket, or the loopback address.</param>
internal sealed record Address(string Host, int Port)
{
    // The shortest limit for the name of a socket, that of macOS; Linux allows 107.
    private const int LongestSocketName = 103;

    /// <summary>The socket itself, as PostgreSQL names it.</summary>
    public string Socket => SocketIn(Host);

    /// <summary>The address that was used last, or a new one.</summary>
    public static async Task<Address> Of(DataFolder folder, CancellationToken ct)
    {
        if (!OperatingSystem.IsWindows())
            return new Address(await SocketFolder(folder, ct), 5432);
        return File.Exists(folder.Port) ? new Address("127.0.0.1", int.Parse(File.ReadAllText(folder.Port))) : NewPort(folder);
    }

    /// <summary>The address to start at: another one when somebody took the port while the server was down.</summary>
    public Address ToStartAt(DataFolder folder) => OperatingSystem.IsWindows() && !IsFree(Port) ? NewPort(folder) : this;

    private static async Task<string> SocketFolder(DataFolder folder, CancellationToken ct)
    {
        var beside = Path.Combine(folder.Root, "socket");
        if (Fits(beside))
            return await folder.Make(beside, ct);

        // A short folder with a random name stands in for a long path, and the name is remembered.
        var note = beside + ".path";
        if (File.Exists(note) && Directory.Exists(File.ReadAllText(note)))
            return File.ReadAllText(note);
        var elsewhere = Directory.CreateTempSubdirectory("crm-").FullName;
        if (!Fits(elsewhere))
            throw new PostgresUnusable($"{beside} and {elsewhere} are both too long for a socket. Choose a shorter data folder.");
        File.WriteAllText(note, elsewhere);
        return await folder.Make(elsewhere, ct);
    }

    private static bool Fits(string folder) => Encoding.UTF8.GetByteCount(SocketIn(folder)) <= LongestSocketName;

    private static string SocketIn(string folder) => Path.Combine(folder, ".s.PGSQL.5432");

    private static Address NewPort(DataFolder folder)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        File.WriteAllText(folder.Port, port.ToString());
        return new Address("127.0.0.1", port);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
