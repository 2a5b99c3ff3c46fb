using Crm.EventModel;
using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests;

public sealed record CoffeeOrdered(string Drink, decimal Price);

public sealed record CoffeeServed(int Minutes);

/// <summary>A store on a database of its own, and words for the tests that use it.</summary>
public sealed class StoreFixture : IAsyncDisposable
{
    public const string Tenant = "acme";

    public static readonly EventTypes Types = new EventTypes().Add(typeof(CoffeeOrdered), typeof(CoffeeServed));

    private StoreFixture(string connectionString, NpgsqlDataSource database, Store store) =>
        (ConnectionString, Database, Store) = (connectionString, database, store);

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    public Store Store { get; }

    public static async Task<StoreFixture> New(StoreSettings? settings = null)
    {
        var connectionString = await TestCluster.NewDatabase();
        var database = NpgsqlDataSource.Create(connectionString);
        await Migrator.Migrate(database, default);
        return new StoreFixture(connectionString, database, await Store.Open(database, Types, settings ?? StoreSettings.Default, default));
    }

    public static NewEvent Event(object data, DateTimeOffset? occurredAt = null) =>
        new(Guid.CreateVersion7(), data, occurredAt, new Metadata(Actor: "rep-1", Source: "test"));

    public static AppendRequest To(Guid stream, long expected, params object[] facts) =>
        new(Tenant, [new StreamAppend(stream, "coffee", expected, [.. facts.Select(f => Event(f))])]);

    public Task<Appended> Append(AppendRequest request) => Store.Append(request, default);

    public Task<Appended> Append(Guid stream, long expected, params object[] facts) => Append(To(stream, expected, facts));

    public async Task<long> Count(string from)
    {
        await using var command = Database.CreateCommand($"select count(*) from {from}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task Run(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Database.DisposeAsync();
    }
}
