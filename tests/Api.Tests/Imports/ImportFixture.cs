using Crm.Api.Imports;
using Crm.Api.Leads;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.EventStore.Sealing;
using Crm.Projections;
using Crm.Support;
using NodaTime;
using Npgsql;

namespace Crm.Api.Tests.Imports;

/// <summary>An importer on a database of its own.</summary>
public sealed class ImportFixture : IAsyncDisposable
{
    private readonly StateCache cache = new();
    private readonly NpgsqlDataSource database;
    private readonly string connectionString;

    private ImportFixture(NpgsqlDataSource database, string connectionString, Store store)
    {
        (this.database, this.connectionString, Store) = (database, connectionString, store);
        var key = MasterKey.Parse(Convert.ToBase64String(new byte[32]));
        Sealer = new Sealer(store.Reader, key);
        Commands = new Commands(store, cache);
        Captures = new Captures(Commands, store, new LeadKeys(key));
    }

    public Store Store { get; }

    public Sealer Sealer { get; }

    public Commands Commands { get; }

    public Captures Captures { get; }

    public static async Task<ImportFixture> New()
    {
        var connectionString = await TestCluster.NewDatabase();
        var database = NpgsqlDataSource.Create(connectionString);
        await Migrator.Migrate(database, default);
        await new ReadModelSet(database, Catalog.All).Create(default);
        return new ImportFixture(database, connectionString, await Store.Open(database, EventCatalog.Types, StoreSettings.Default, default));
    }

    /// <summary>Another on the same database, which remembers nothing.</summary>
    public async Task<ImportFixture> Again()
    {
        var again = NpgsqlDataSource.Create(connectionString);
        return new ImportFixture(again, connectionString, await Store.Open(again, EventCatalog.Types, StoreSettings.Default, default));
    }

    public Task<ImportReport> Run(string path, Mapping mapping, IProgress<ImportProgress>? progress = null) =>
        new Importer(Store, Commands, Captures, Sealer, DateTimeZone.Utc, TimeProvider.System).Run(path, mapping, Caller.Developer, progress, default);

    /// <summary>Decides on every row, and writes nothing.</summary>
    public Task<ImportReport> Try(string path, Mapping mapping) => new Importer(Store, Commands, Captures, Sealer, DateTimeZone.Utc, TimeProvider.System)
        .Run(path, mapping, Caller.Developer, new ImportRun("import-try") { IsDryRun = true }, null, default);

    /// <summary>Tries files, which writes nothing, and takes them in: the one has to tell what the other does.</summary>
    public async Task MustComeToWhatWasTried(string path, Mapping mapping)
    {
        var tried = await Try(path, mapping);
        (await Store.Head(default)).Position.ShouldBe(0);
        var done = await Run(path, mapping);

        foreach (var (would, did) in tried.Kinds.Zip(done.Kinds))
        {
            (would.New, would.Continued, would.Unchanged, would.Events).ShouldBe((did.New, did.Continued, did.Unchanged, did.Events), would.Kind);
            would.SetAside.ShouldBe(did.SetAside);
            would.Noted.ShouldBe(did.Noted);
        }
    }

    public async Task CatchUp(params ReadModel[] models)
    {
        foreach (var model in models)
        {
            await new Follower(database, model, EventCatalog.Types, new Wakeup()).CatchUp(null, default);
        }
    }

    /// <summary>The first column of each row, as text.</summary>
    public async Task<List<string>> Texts(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetValue(0).ToString()!);
        }

        return texts;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await database.DisposeAsync();
        cache.Dispose();
    }
}
