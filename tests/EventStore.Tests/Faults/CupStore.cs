using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests.Faults;

/// <summary>A store of cups and their read model, on a database of its own; a test may put something between the store and it.</summary>
internal sealed class CupStore : IAsyncDisposable
{
    public const string Tenant = "acme";

    public static readonly CoffeeBar Bar = new();

    private readonly NpgsqlDataSource own;

    private CupStore(string connectionString, NpgsqlDataSource database, NpgsqlDataSource own, Store store) =>
        (ConnectionString, Database, this.own, Store) = (connectionString, database, own, store);

    public string ConnectionString { get; }

    /// <summary>The straight way to PostgreSQL, for questions.</summary>
    public NpgsqlDataSource Database { get; }

    public Store Store { get; }

    public static async Task<CupStore> New(TimeSpan? patience = null) => await On(await TestCluster.NewDatabase(), patience: patience);

    /// <param name="through">How the store itself connects, where that is another way.</param>
    public static async Task<CupStore> On(string connectionString, string? through = null, TimeSpan? patience = null)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        await Migrator.Migrate(database, default);
        await new ReadModelSet(database, [Bar]).Create(default);
        var own = NpgsqlDataSource.Create(through ?? connectionString);
        var settings = patience is { } given ? new StoreSettings(given) : StoreSettings.Default;
        return new CupStore(connectionString, database, own, await Store.Open(own, CoffeeBar.Types, settings, default));
    }

    public static AppendRequest Ordering(Guid cup, string drink, string? key = null) =>
        To(cup, 0, new CupOrdered(drink, 4m, [])) with { Key = key is null ? null : new IdempotencyKey("rep-1 POST /cups", key, [1]), Status = 201 };

    public static AppendRequest To(Guid cup, long expected, params object[] facts) => new(Tenant,
        [new StreamAppend(cup, "cup", expected, [.. facts.Select(f => new NewEvent(Guid.CreateVersion7(), f, null, new Metadata()))])]);

    public Task<Appended> Append(AppendRequest request) => Store.Append(request, default);

    /// <summary>New cups, ordered all at once.</summary>
    public Task Order(int cups) =>
        Task.WhenAll(Enumerable.Range(0, cups).Select(i => Append(Ordering(Guid.CreateVersion7(), $"drink {i % 3}")))).Soon();

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Run(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task<long> Count(string from) => Ask<long>($"select count(*) from {from}");

    /// <summary>The last number drawn, whether or not an event has it.</summary>
    public Task<long> LastDrawn() => Ask<long>("select last_value from mt_events_sequence");

    /// <summary>How long it took until the cups' read model had reached the head.</summary>
    public Task<TimeSpan> CaughtUp(TimeSpan? within = null) => Patience.Until("the read model reaches the head", () => Ask<bool>(
        "select exists (select from mt_event_progression p, crm.lane l where p.name = 'coffee_bar:All' and p.last_seq_id = l.position)"), within);

    public async Task CheckAll()
    {
        await CaughtUp();
        await Checker.CheckEvents(Database);
        await Checker.CheckCups(Database);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await own.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>A follower of the cups at work, as one process of several would run it.</summary>
internal sealed class AtWork : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly CancellationTokenSource end = new();
    private readonly Task work;

    private AtWork(NpgsqlDataSource database, int pageSize)
    {
        this.database = database;
        work = new Follower(database, CupStore.Bar, CoffeeBar.Types, new Wakeup(), pageSize).Run(end.Token);
    }

    public static AtWork Follower(string connectionString, int pageSize = 10) =>
        new(NpgsqlDataSource.Create(connectionString), pageSize);

    /// <summary>Lets it end as a program does that stays otherwise: its pool of connections lives on.</summary>
    public async Task End()
    {
        await end.CancelAsync();
        await work.Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        await database.DisposeAsync();
        end.Dispose();
    }
}
