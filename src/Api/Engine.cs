using Crm.Api.Access;
using Crm.Api.Approvals;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.Contents;
using Crm.EventStore.Local;
using Crm.EventStore.ReadModels;
using Crm.EventStore.Sealing;
using Crm.Projections;
using Npgsql;

namespace Crm.Api;

/// <summary>The engine without its doors: database, store, keys and read models, opened for a verb and closed after it.</summary>
public sealed class Engine : IAsyncDisposable
{
    private readonly LocalPostgres? local;
    private readonly Connections connections;

    private Engine(Settings settings, LocalPostgres? local, Connections connections, Store store, MasterKey key)
    {
        (this.local, this.connections, Settings, Store, Sealer) = (local, connections, settings, store, new Sealer(store.Reader, key));
        MasterKey = key;
        DevKey = settings.DevKey;
        Secrets = new SealedSecrets(connections.Senders, key, "webhook");
        ChannelSecrets = new SealedSecrets(connections.Senders, key, "channel");
        Files = new SealedFiles(connections.Workers, key);
        Contents = ContentFolder is { } contents ? new SealedContents(connections.Workers, key, new DiskContents(contents, isOurs: settings.AttachmentFolder is null)) : null;
        Cursors = new Cursors(key.Derive(Cursors.Purpose), () => store.Epoch);
        ReadModels = new ReadModelSet(Database, Catalog.All);
        Cache = new StateCache();
        Commands = new Commands(store, Cache);
        LeadKeys = new LeadKeys(key);
        Captures = new Captures(Commands, store, LeadKeys);
        Playbooks = new CurrentPlaybook(store, Current(PlaybookDecider.Instance, CurrentPlaybook.StreamOf, CurrentPlaybook.MostAge), store.Clock);
        ApprovalDelegations = Current(ApprovalDelegationDecider.Instance, ApprovalRules.DelegationsOf, Organisations.MostAge);
        Organisations = new Organisations(Current(AccessDecider.Instance, Organisations.StreamOf, Organisations.MostAge), settings.DateTimeZone);
    }

    public Settings Settings { get; }

    /// <summary>A key that opens everything of the tenant <c>main</c>; null for none.</summary>
    public string? DevKey { get; set; }

    /// <summary>As the owner of all tables.</summary>
    public NpgsqlDataSource Database => connections.Owner;

    /// <summary>As who may write read models.</summary>
    public NpgsqlDataSource Followers => connections.Followers;

    /// <summary>As who may send to receivers outside.</summary>
    public NpgsqlDataSource Senders => connections.Senders;

    /// <summary>As who may do long work.</summary>
    public NpgsqlDataSource Workers => connections.Workers;

    public Store Store { get; }

    public MasterKey MasterKey { get; }

    public Sealer Sealer { get; }

    /// <summary>By which receivers of webhooks know us.</summary>
    public SealedSecrets Secrets { get; }

    /// <summary>What it takes to send by channels.</summary>
    public SealedSecrets ChannelSecrets { get; }

    /// <summary>Files that were sent here, or wait to be fetched.</summary>
    public SealedFiles Files { get; }

    /// <summary>Contents of files that are attached to records; null where there is no folder for them.</summary>
    public SealedContents? Contents { get; }

    public Cursors Cursors { get; }

    public ReadModelSet ReadModels { get; }

    public StateCache Cache { get; }

    public Commands Commands { get; }

    public LeadKeys LeadKeys { get; }

    /// <summary>The one way in for leads.</summary>
    public Captures Captures { get; }

    public CurrentPlaybook Playbooks { get; }

    public Organisations Organisations { get; }

    /// <summary>Who stands in for whom where something is to be approved.</summary>
    public CurrentState<ApprovalDelegations, DelegateApprovals, IApprovalDelegationEvent> ApprovalDelegations { get; }

    /// <summary>Finds or starts PostgreSQL and opens the store; migrates it first where it is private.</summary>
    public static async Task<Engine> Open(Settings settings, IProgress<string> say, CancellationToken ct)
    {
        var (local, connections) = await Connect(settings, say, ct);
        try
        {
            var database = connections.Owner;
            if (local is not null || await IsEmpty(database, ct))
            {
                await Migrate(database, ct);
            }

            var key = MasterKeyOf(settings, local);
            await key.Check(database, ct);
            await connections.MustTakeRoles(ct);
            var store = await Store.Open(
                database, EventCatalog.Types, new StoreSettings(TimeSpan.FromSeconds(settings.PatienceSeconds)), ct, connections.Readers, connections.Appenders);
            return new Engine(settings, local, connections, store, key);
        }
        catch
        {
            await Close(connections, local);
            throw;
        }
    }

    /// <summary>The tables of the store and of the read models.</summary>
    public static async Task Migrate(Settings settings, IProgress<string> say, CancellationToken ct)
    {
        var (local, connections) = await Connect(settings, say, ct);
        try
        {
            await Migrate(connections.Owner, ct);
        }
        finally
        {
            await Close(connections, local);
        }
    }

    /// <summary>Starts the private PostgreSQL again if it is gone; one of the operator's own is the operator's.</summary>
    public Task Revive(CancellationToken ct) => local?.Revive(ct) ?? Task.CompletedTask;

    private string? ContentFolder => Settings.AttachmentFolder ?? (Folder is { } folder ? Path.Combine(folder, "contents") : null);

    /// <summary>A folder for small files beside the data; null where an operator's PostgreSQL is used without one.</summary>
    public string? Folder => FolderOf(Settings, local);

    /// <summary>Carries all that is committed into the read models, for verbs that do not stay.</summary>
    public Task CatchUp(Action<ReadModel, long>? progress, CancellationToken ct) => Task.WhenAll(Catalog.All.Select(model =>
        new Follower(Followers, model, Store.Types, new Wakeup()).CatchUp(progress is null ? null : new Told(p => progress(model, p)), ct)));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Cache.Dispose();
        await Close(connections, local);
    }

    private CurrentState<TState, TCommand, TEvent> Current<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Func<string, Guid> streamOf, TimeSpan mostAge)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(Store, Commands, Cache, TimeProvider.System, decider, streamOf, mostAge);

    private static async Task<(LocalPostgres?, Connections)> Connect(Settings settings, IProgress<string> say, CancellationToken ct)
    {
        var local = settings.ConnectionString is null
            ? await LocalPostgres.Start(new LocalPostgresSettings(settings.DataDirectory, settings.PostgresBinaries), say, ct)
            : null;
        return (local, Connections.To(settings, local));
    }

    private static async Task Close(Connections connections, LocalPostgres? local)
    {
        await connections.DisposeAsync();
        if (local is not null)
        {
            await local.DisposeAsync();
        }
    }

    private static async Task Migrate(NpgsqlDataSource database, CancellationToken ct)
    {
        await Migrator.Migrate(database, ct);
        await new ReadModelSet(database, Catalog.All).Create(ct);
    }

    private static async Task<bool> IsEmpty(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select not exists (select from pg_tables where schemaname in ('public', 'crm'))");
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static MasterKey MasterKeyOf(Settings settings, LocalPostgres? local)
    {
        if (settings.MasterKey is { } text)
        {
            return MasterKey.Parse(text);
        }

        var folder = FolderOf(settings, local) ??
            throw new InvalidOperationException("With a PostgreSQL of your own, set Crm__MasterKey (openssl rand -base64 32) or Crm__DataDirectory for the key file.");
        Directory.CreateDirectory(folder);
        return MasterKey.FromFile(Path.Combine(folder, "master.key"));
    }

    private static string? FolderOf(Settings settings, LocalPostgres? local) => local?.DataDirectory ?? settings.DataDirectory;

    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
