using Crm.EventModel;
using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests;

/// <summary>A key is known for thirty days at least, and forgotten with its partition.</summary>
public sealed class KeepKeysTests : IAsyncLifetime
{
    private static readonly IdempotencyKey Key = new("tests POST /cups", "one", [1, 2, 3]);

    private StoreFixture crm = null!;

    public async Task InitializeAsync() => crm = await StoreFixture.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task A_key_is_known_for_thirty_days_and_forgotten_within_another_five()
    {
        await crm.Store.Append(new AppendRequest("acme", [], Key), default);

        await crm.Store.KeepKeys(DateTimeOffset.UtcNow.AddDays(30), default);
        (await crm.Store.Answered("acme", Key, default)).ShouldNotBeNull();

        (await crm.Store.KeepKeys(DateTimeOffset.UtcNow.AddDays(36), default)).ShouldBeGreaterThan(0);
        (await crm.Store.Answered("acme", Key, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_of_days_for_which_no_partition_was_made_are_moved_into_theirs()
    {
        await using (var drop = crm.Database.CreateCommand("""
            do $$ declare t text; begin
                for t in select inhrelid::regclass::text from pg_inherits where inhparent = 'crm.idempotency'::regclass and inhrelid <> 'crm.idempotency_else'::regclass
                loop execute 'drop table ' || t; end loop; end $$
            """))
        {
            await drop.ExecuteNonQueryAsync();
        }

        await crm.Store.Append(new AppendRequest("acme", [], Key), default);
        (await In("crm.idempotency_else")).ShouldBe(1);

        await crm.Store.KeepKeys(DateTimeOffset.UtcNow, default);

        (await In("crm.idempotency_else")).ShouldBe(0);
        (await crm.Store.Append(new AppendRequest("acme", [], Key), default)).Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_store_from_before_partitions_keeps_its_keys()
    {
        var appended = await crm.Store.Append(new AppendRequest("acme", [], Key), default);
        await using (var back = crm.Database.CreateCommand("""
            create table crm.idempotency_flat (like crm.idempotency);
            insert into crm.idempotency_flat select * from crm.idempotency;
            drop table crm.idempotency;
            alter table crm.idempotency_flat rename to idempotency;
            alter table crm.idempotency drop column day;
            alter table crm.idempotency add constraint idempotency_pkey primary key (tenant_id, scope, key);
            """))
        {
            await back.ExecuteNonQueryAsync();
        }

        await Migrator.Migrate(crm.Database, default);

        (await crm.Store.Answered("acme", Key, default))!.Position.ShouldBe(appended.Position);
        (await crm.Store.Append(new AppendRequest("acme", [], Key), default)).Replayed.ShouldBeTrue();
    }

    private async Task<long> In(string table)
    {
        await using var command = crm.Database.CreateCommand($"select count(*) from {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
