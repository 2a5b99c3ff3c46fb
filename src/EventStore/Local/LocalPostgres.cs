using Npgsql;

namespace Crm.EventStore.Local;

/// <summary>A PostgreSQL of our own, for a laptop or a single machine: started when it is needed, stopped when nobody needs it.</summary>
public sealed class LocalPostgres : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly Cluster _cluster;
    private IDisposable? _use;

    private LocalPostgres(DataFolder folder, Cluster cluster, int major)
    {
        (_folder, _cluster, Major) = (folder, cluster, major);
        ConnectionString = cluster.ConnectionTo("crm").ConnectionString;
        _use = FileLock.Share(folder.Users);
    }

    /// <summary>How to connect to the database <c>crm</c> as its owner.</summary>
    public string ConnectionString { get; }

    /// <summary>The folder that holds the data, the password and the log.</summary>
    public string DataDirectory => _folder.Root;

    /// <summary>The major version of the server.</summary>
    public int Major { get; }

    /// <summary>Starts the server, or joins the one that another program of ours started; makes the data at the first time.</summary>
    /// <exception cref="PostgresMissing">No PostgreSQL is here, and none can be fetched.</exception>
    /// <exception cref="PostgresUnusable">The folder, the account or the server's version stands in the way.</exception>
    public static async Task<LocalPostgres> Start(LocalPostgresSettings settings, IProgress<string>? say, CancellationToken ct)
    {
        var account = await Account.ForPostgres(ct);
        var folder = await DataFolder.Open(settings, account, ct);
        using var alone = await FileLock.Take(folder.Lock, ct);

        var binaries = await PostgresBinaries.Find(settings.BinDirectory, folder, account, say, ct);
        var cluster = new Cluster(folder, binaries, account, say);
        await cluster.Up(ct);
        await MakeDatabase(cluster, ct);
        return new LocalPostgres(folder, cluster, binaries.Major);
    }

    /// <summary>Starts the server again if it is gone; changes nothing while it runs.</summary>
    public async Task Revive(CancellationToken ct)
    {
        using var alone = await FileLock.Take(_folder.Lock, ct);
        await _cluster.Up(ct);
    }

    /// <summary>Stops the server, unless another program of ours still uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _use, null) is not { } use)
            return;
        NpgsqlConnection.ClearPool(new NpgsqlConnection(ConnectionString));

        // Every user shares this lock. Connections would tell less: one may not have opened any yet, or its pool may have let them go.
        using var alone = await FileLock.Take(_folder.Lock, CancellationToken.None);
        use.Dispose();
        if (FileLock.IsFree(_folder.Users))
            await _cluster.Down(CancellationToken.None);
    }

    private static async Task MakeDatabase(Cluster cluster, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionTo("postgres"));
        await using var find = source.CreateCommand("select 1 from pg_database where datname = 'crm'");
        if (await find.ExecuteScalarAsync(ct) is not null)
            return;
        await using var make = source.CreateCommand("create database crm encoding 'UTF8' template template0");
        await make.ExecuteNonQueryAsync(ct);
    }
}
