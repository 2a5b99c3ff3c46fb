using Npgsql;

namespace Crm.Faults.Tests;

/// <summary>Two programs over one store; either is killed, and begun again, while the other goes on.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly Dictionary<string, string> environment;
    private readonly NpgsqlDataSource database;
    private readonly ServedProgram[] nodes = new ServedProgram[2];

    private Pair(string connectionString)
    {
        database = NpgsqlDataSource.Create(connectionString);
        environment = new()
        {
            ["Crm__MasterKey"] = Convert.ToBase64String(new byte[32]),
            ["Crm__UnsafeWebhooks"] = "true",
            ["ConnectionStrings__Crm"] = connectionString
        };
    }

    public int[] Ports { get; } = [ServedProgram.FreePort(), ServedProgram.FreePort()];

    public static async Task<Pair> Open()
    {
        var pair = new Pair(await TestCluster.NewDatabase());
        pair.nodes[0] = await ServedProgram.Serve(pair.Ports[0], pair.environment);
        pair.nodes[1] = await ServedProgram.Serve(pair.Ports[1], pair.environment);
        return pair;
    }

    /// <summary>Kills one of them, and begins it again.</summary>
    public async Task Replace(int n)
    {
        await nodes[n].Kill();
        await nodes[n].DisposeAsync();
        nodes[n] = await ServedProgram.Serve(Ports[n], environment);
    }

    public async Task<long> Count(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task Run(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes.Where(node => node is not null))
        {
            await node.DisposeAsync();
        }

        await database.DisposeAsync();
    }
}
