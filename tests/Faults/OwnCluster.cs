using System.Diagnostics;
using Crm.EventStore.Local;
using Npgsql;

namespace Crm.Faults.Tests;

/// <summary>A PostgreSQL that a test may kill, stop, copy and set back.</summary>
internal sealed class OwnCluster : IAsyncDisposable
{
    private readonly List<LocalPostgres> uses = [];

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"crm-faults-{Guid.NewGuid():N}");

    public string ConnectionString => uses[^1].ConnectionString;

    private string Data => Path.Combine(Folder, "data");

    public static async Task<OwnCluster> Start()
    {
        var cluster = new OwnCluster();
        await cluster.Up();
        return cluster;
    }

    public async Task Up() => uses.Add(await LocalPostgres.Start(new LocalPostgresSettings(Folder), say: null, default));

    /// <summary>Stops it in good order; nobody else may use it.</summary>
    public async Task Down()
    {
        foreach (var use in uses)
        {
            await use.DisposeAsync();
        }

        uses.Clear();
    }

    /// <summary>kill -9 of the postmaster, or the stop that leaves everything to recovery.</summary>
    public async Task Kill(bool immediately)
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First());
        await ServedProgram.Signal(immediately ? "KILL" : "QUIT", postmaster);
    }

    /// <summary>A setting in force from now on, or from the next start.</summary>
    public async Task Set(string setting)
    {
        await using var database = NpgsqlDataSource.Create(ConnectionString);
        await database.CreateCommand($"alter system set {setting}").ExecuteNonQueryAsync();
        await database.CreateCommand("select pg_reload_conf()").ExecuteNonQueryAsync();
    }

    /// <summary>Copies the data of a stopped cluster aside.</summary>
    public Task Copy() => Shell($"rm -rf '{Folder}/copy' && cp -a '{Data}' '{Folder}/copy'");

    /// <summary>Puts the copy in the place of the data; the next start ends a recovery, and so begins a new timeline.</summary>
    public Task Restore() => Shell($"rm -rf '{Data}' && cp -a '{Folder}/copy' '{Data}' && touch '{Data}/recovery.signal' && chown --reference='{Data}/PG_VERSION' '{Data}/recovery.signal'");

    public async ValueTask DisposeAsync()
    {
        await Down();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task Shell(string words)
    {
        using var shell = Process.Start("sh", ["-c", words]);
        await shell.WaitForExitAsync();
        shell.ExitCode.ShouldBe(0, words);
    }
}
