using Crm.EventStore.Local;
using Npgsql;

namespace Crm.Support;

/// <summary>A real PostgreSQL for the tests of one process: started when the first test asks, deleted after the last.</summary>
public static class TestCluster
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"crm-tests-{Guid.NewGuid():N}");
    private static Lazy<Task<LocalPostgres>> _server = new(Start);

    /// <summary>A connection string to a new empty database.</summary>
    public static async Task<string> NewDatabase()
    {
        var server = await _server.Value;
        var name = $"test_{Guid.NewGuid():N}";
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString))
        await using (var create = source.CreateCommand($"create database {name}"))
            await create.ExecuteNonQueryAsync();

        // Each database has its own pool, and all of them share the server's connections.
        return new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Database = name,
            MaxPoolSize = 30,
            ConnectionIdleLifetime = 5,
            ConnectionPruningInterval = 1
        }.ConnectionString;
    }

    /// <summary>Stops the server and deletes its folder; a test that asks later gets a new one.</summary>
    public static async Task Delete()
    {
        var server = Interlocked.Exchange(ref _server, new(Start));
        if (!server.IsValueCreated)
            return;
        await (await server.Value).DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<LocalPostgres> Start()
    {
        // For runners that do not know TestRun.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete().GetAwaiter().GetResult();
        var settings = new LocalPostgresSettings(Folder);
        await using (var first = await LocalPostgres.Start(settings, say: null, CancellationToken.None))
        await using (var source = NpgsqlDataSource.Create(first.ConnectionString))
        await using (var more = source.CreateCommand("alter system set max_connections = 400"))
            await more.ExecuteNonQueryAsync();

        // Several tests at once, each with a program or two of its own: more than one machine's programs would ever ask for.
        return await LocalPostgres.Start(settings, say: null, CancellationToken.None);
    }
}
