using System.IO.Compression;
using System.Text;
using Crm.EventStore.Contents;
using Crm.EventStore.Histories;
using Crm.EventStore.ReadModels;
using Crm.EventStore.Sealing;
using Crm.Support;
using Npgsql;
using static Crm.EventStore.Tests.StoreFixture;

namespace Crm.EventStore.Tests.Histories;

/// <summary>A whole history goes to a folder and into another store; nothing that is not whole is taken.</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private static readonly string[] Tables =
        ["public.mt_streams", "public.mt_events", "crm.claim", "crm.idempotency", "crm.person_key", "crm.read_model_skip", "crm.import", "crm.import_row", "crm.webhook", "crm.webhook_secret"];

    private readonly string root = Directory.CreateTempSubdirectory("crm-history-").FullName;
    private readonly List<Guid> streams = [];
    private StoreFixture store = null!;
    private StoreFixture empty = null!;

    private string Folder => Path.Combine(root, "whole");

    public async Task InitializeAsync()
    {
        (store, empty) = (await New(), await New());
        for (var i = 0; i < 60; i++)
        {
            var (tenant, stream) = (i % 3 == 0 ? "globex" : Tenant, Guid.CreateVersion7());
            streams.Add(stream);
            await store.Append(new AppendRequest(tenant, [new StreamAppend(stream, "coffee", 0, [Event(new CoffeeOrdered($"咖啡 {i} \"\\\u0001\n", i / 7m)), Event(new CoffeeServed(i), DateTimeOffset.UtcNow.AddDays(-i))])],
                new IdempotencyKey("tests", $"key-{i}", [3, (byte)i]))
            {
                Claims = [new Claim("cup", $"{i}", stream)],
                PersonKeys = [new PersonKey(Guid.CreateVersion7(), stream, [1, 2, (byte)i])]
            });
        }

        await store.Run("insert into crm.master_key_check (sealed) values ('mark')");
        await store.Run("insert into crm.read_model_skip (name, position, reason) values ('cups', 7, 'spilt')");
        await store.Run($"insert into crm.import (tenant_id, import_id, name, made_by, began_at) values ('globex', '{streams[0]}', 'Fair', 'x', 5)");
        await store.Run($"insert into crm.import_row (tenant_id, import_id, kind, file, line, state, key, notes, events) values ('globex', '{streams[0]}', 'lead', 'f', 2, 'created', 'k', '{{a,b}}', 1)");
        await store.Run($"insert into crm.webhook values ('{Tenant}', '{streams[1]}', now(), 3); insert into crm.webhook_secret values ('{Tenant}', gen_random_uuid(), '{streams[1]}', 'x')");
        await store.Run($"select mt_archive_stream('{streams[4]}', '{Tenant}')");
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await empty.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_store_that_takes_it_is_the_same_row_by_row_and_goes_on_from_there()
    {
        var manifest = await Export(new HistoryWish());
        await Load(Folder);

        manifest.Files.Count(file => file.Table == "events").ShouldBeGreaterThan(3, "files are of a size");
        (manifest.Position, manifest.Events, manifest.Tenants["globex"].Streams, manifest.Tenants[Tenant].Types["coffee_served"]).ShouldBe((120, 120, 20, 40));
        foreach (var table in Tables)
        {
            (await Rows(empty, table)).ShouldBe(await Rows(store, table), table);
            (await Rows(store, table)).ShouldNotBeEmpty(table);
        }

        (await empty.Store.Head(default)).ShouldBe(await store.Store.Head(default));
        (await empty.Database.Texts("select last_seq_id::text from public.mt_event_progression where name = 'told'")).ShouldBe(["120"]);
        var next = await empty.Append(streams[1], 2, new CoffeeServed(1));
        (next.Position, next.RecordedAt).ShouldBe((121, (await empty.Store.Head(default)).Stamp));
        await Should.ThrowAsync<KeyReused>(() => empty.Append(new AppendRequest(Tenant, [new StreamAppend(Guid.CreateVersion7(), "coffee", 0, [Event(new CoffeeServed(1))])],
            new IdempotencyKey("tests", "key-1", [9]))));
        empty.Store.Epoch.ShouldNotBe(store.Store.Epoch);
    }

    [Fact]
    public async Task It_goes_up_to_any_position_or_moment()
    {
        var moment = (await store.Store.ReadOn(40, 1, default))[0].RecordedAt;
        await store.Append(streams[1], 2, new CoffeeServed(1));
        var manifest = await Export(new HistoryWish(UptoMoment: moment));
        await Load(Folder);

        manifest.Position.ShouldBe(40);
        (await Rows(empty, "public.mt_events")).ShouldBe(await Rows(store, "public.mt_events", "seq_id <= 40"));
        (await empty.Database.Texts("select version::text from public.mt_streams")).ShouldAllBe(version => version == "2");
        (await empty.Count("public.mt_streams"), await empty.Count("crm.claim"), await empty.Count("crm.idempotency")).ShouldBe((20, 20, 20));
        (await Should.ThrowAsync<HistoryProblem>(() => new HistoryExport(store.Database, TimeProvider.System).Write(Path.Combine(root, "later"), new HistoryWish(Upto: 1000), null, default)))
            .Message.ShouldContain("no position 1000");
    }

    [Fact]
    public async Task One_tenants_history_holds_nothing_of_others_and_without_keys_there_are_none()
    {
        var manifest = await Export(new HistoryWish("globex", WithKeys: false));
        await Load(Folder);

        manifest.Tenants.Keys.ShouldBe(["globex"]);
        foreach (var table in Tables)
        {
            var mine = table.EndsWith("skip", StringComparison.Ordinal) ? "position % 6 in (1, 2)" : "tenant_id = 'globex'";
            (await Rows(empty, table)).ShouldBe(table is "crm.person_key" or "crm.webhook_secret" ? [] : await Rows(store, table, mine), table);
        }
    }

    [Fact]
    public async Task Attached_files_that_are_not_there_are_told_and_without_a_folder_nothing_is_written()
    {
        await store.Run($"insert into crm.content (tenant_id, sha256, size, media_type, wrapped) values ('{Tenant}', 'ab', 3, 'x/y', 'x')");
        (await Should.ThrowAsync<HistoryProblem>(() => Export(new HistoryWish()))).Message.ShouldContain("AttachmentFolder");

        var contents = new SealedContents(store.Database, MasterKey.Parse(Convert.ToBase64String(new byte[32])), new DiskContents(Path.Combine(root, "contents")));
        var export = new HistoryExport(store.Database, TimeProvider.System) { Contents = contents };
        (await export.Write(Path.Combine(root, "missing"), new HistoryWish(), null, default)).MissingContents.ShouldBe(1);
        (await export.Write(Path.Combine(root, "tenant"), new HistoryWish("globex"), null, default)).MissingContents.ShouldBe(0);
        (await HistoryManifest.Read(Path.Combine(root, "missing"), default)).MissingContents.ShouldBe(1);
    }

    [Fact]
    public async Task Only_an_empty_store_takes_it_and_what_fails_leaves_nothing()
    {
        await Export(new HistoryWish());
        var whole = await HistoryFolder.Open(Folder, default);
        (await Should.ThrowAsync<HistoryProblem>(() => new HistoryLoad(store.Database, "told").Run(whole, _ => true, null, default)))
            .Message.ShouldContain("position is 120");
        (await Should.ThrowAsync<HistoryProblem>(() => new HistoryLoad(empty.Database, "told").Run(whole, _ => false, null, default)))
            .Message.ShouldContain("another master key");

        // Cut off in the middle: the server ends the connection once the first rows are in.
        await Should.ThrowAsync<NpgsqlException>(() => new HistoryLoad(empty.Database, "told").Run(whole, _ => true, new Cutting(empty), default));
        (await empty.Count("public.mt_events"), await empty.Count("public.mt_streams")).ShouldBe((0, 0));

        await Load(Folder);
        (await empty.Count("public.mt_events")).ShouldBe(120);
    }

    [Fact]
    public async Task An_owner_who_is_no_superuser_exports_and_loads_all_the_same()
    {
        await store.Run("""
            do $$ begin
                create role history_owner login password 'p' nosuperuser nobypassrls;
                grant crm_append, crm_follow, crm_send, crm_work, crm_app to history_owner;
            exception when duplicate_object then null; end $$
            """);
        var (first, second) = (await Owned(), await Owned());
        await using var ours = first;
        await using var theirs = second;
        await Export(new HistoryWish());
        await new HistoryLoad(ours, "told").Run(await HistoryFolder.Open(Folder, default), _ => true, null, default);

        var again = Path.Combine(root, "again");
        await new HistoryExport(ours, TimeProvider.System).Write(again, new HistoryWish(), null, default);
        await new HistoryLoad(theirs, "told").Run(await HistoryFolder.Open(again, default), _ => true, null, default);

        (await HistoryManifest.Read(again, default)).Events.ShouldBe(120);
        (await theirs.Texts("set role crm_append; select t::text from public.mt_events t order by 1")).ShouldBe(await Rows(store, "public.mt_events"));

        async Task<NpgsqlDataSource> Owned()
        {
            var name = new NpgsqlConnectionStringBuilder(await TestCluster.NewDatabase()) { Username = "history_owner", Password = "p", Pooling = false };
            await store.Run($"alter database {name.Database} owner to history_owner");
            await using (var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(store.ConnectionString) { Database = name.Database }.ConnectionString))
            {
                await admin.OpenAsync();
                await using var command = new NpgsqlCommand("alter schema public owner to history_owner", admin);
                await command.ExecuteNonQueryAsync();
            }

            var database = NpgsqlDataSource.Create(name.ConnectionString);
            await Migrator.Migrate(database, default);
            return database;
        }
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_not_written_to()
    {
        await Export(new HistoryWish());

        (await Should.ThrowAsync<HistoryProblem>(() => Export(new HistoryWish()))).Message.ShouldContain("holds something already");
    }

    [Theory]
    [InlineData("an edited line", "events-000001.ndjson.gz, line 3:")]
    [InlineData("a line left out", "events-000001.ndjson.gz, line 3:")]
    [InlineData("lines in another order", "events-000001.ndjson.gz, line 3:")]
    [InlineData("a line more", "events-000001.ndjson.gz, line 6:")]
    [InlineData("a cut line", "events-000001.ndjson.gz, line 3:")]
    [InlineData("lines missing at the end", "events-000001.ndjson.gz, line 3:")]
    [InlineData("packed anew", "events-000001.ndjson.gz is not the file that was written")]
    [InlineData("half a file", "events-000001.ndjson.gz, line ")]
    [InlineData("a byte changed", "events-000001.ndjson.gz, line ")]
    [InlineData("no file", "events-000001.ndjson.gz is missing")]
    [InlineData("another file in its place", "events-000001.ndjson.gz, line 1:")]
    [InlineData("no manifest", "has no manifest.json: it is no export, or one that was cut off")]
    [InlineData("half a manifest", "manifest.json, line ")]
    [InlineData("another format", "is no manifest of an export of ours")]
    [InlineData("a newer format", "load it with a newer one")]
    [InlineData("a name that leads elsewhere", "is no name of a file in the folder")]
    public async Task What_is_not_whole_is_refused_and_the_place_is_named(string mishap, string told)
    {
        await Export(new HistoryWish());
        var (file, manifest) = (Path.Combine(Folder, "events-000001.ndjson.gz"), Path.Combine(Folder, "manifest.json"));
        var lines = Unpack(file);
        switch (mishap)
        {
            case "an edited line": Pack(file, [.. lines[..2], lines[2].Replace("\"version\":1", "\"version\":2"), .. lines[3..]]); break;
            case "a line left out": Pack(file, [.. lines[..2], .. lines[3..]]); break;
            case "lines in another order": Pack(file, [.. lines[..2], lines[3], lines[2], .. lines[4..]]); break;
            case "a line more": Pack(file, [.. lines[..5], lines[4], .. lines[5..]]); break;
            case "a cut line": Pack(file, [.. lines[..2], lines[2][..20]]); break;
            case "lines missing at the end": Pack(file, lines[..2]); break;
            case "packed anew": Pack(file, lines); break;
            case "half a file": await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..200]); break;
            case "a byte changed": Change(file, 150); break;
            case "no file": File.Delete(file); break;
            case "another file in its place": File.Copy(Path.Combine(Folder, "events-000002.ndjson.gz"), file, overwrite: true); break;
            case "no manifest": File.Delete(manifest); break;
            case "half a manifest": await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest))[..300]); break;
            case "another format": await Rewrite(manifest, "eventsourcedcrm-history", "something"); break;
            case "a newer format": await Rewrite(manifest, "\"version\": 1", "\"version\": 2"); break;
            default: await Rewrite(manifest, "events-000001.ndjson.gz", "../events-000001.ndjson.gz"); break;
        }

        (await Should.ThrowAsync<HistoryProblem>(() => Load(Folder))).Message.ShouldContain(told);
        (await empty.Count("public.mt_events")).ShouldBe(0);
    }

    private Task<HistoryManifest> Export(HistoryWish wish) => new HistoryExport(store.Database, TimeProvider.System) { FileSize = 6_000 }.Write(Folder, wish, null, default);

    private async Task Load(string folder) => await new HistoryLoad(empty.Database, "told").Run(await HistoryFolder.Open(folder, default), _ => true, null, default);

    private static Task<List<string>> Rows(StoreFixture store, string table, string where = "true") =>
        store.Database.Texts($"select t::text from {table} t where {where} order by 1");

    private static List<string> Unpack(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static void Pack(string file, List<string> lines)
    {
        using var packed = new GZipStream(File.Create(file), CompressionLevel.SmallestSize);
        packed.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
    }

    private static void Change(string file, int place)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[place] ^= 0x10;
        File.WriteAllBytes(file, bytes);
    }

    private static async Task Rewrite(string file, string old, string @new) =>
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace(old, @new, StringComparison.Ordinal));

    /// <summary>Ends the connection that loads, once it has put something in.</summary>
    private sealed class Cutting(StoreFixture store) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value)
        {
            if (value is { Phase: "Loading rows", Done: > 60 })
            {
                using var other = new NpgsqlConnection(store.ConnectionString);
                other.Open();
                using var command = new NpgsqlCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null", other);
                command.ExecuteNonQuery();
            }
        }
    }
}
