using Npgsql;

namespace Crm.EventStore.Tests;

public sealed class ClaimReaderTests : IAsyncLifetime
{
    private StoreFixture crm = null!;

    public async Task InitializeAsync() => crm = await StoreFixture.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task Many_who_ask_at_once_are_each_told_of_what_they_asked()
    {
        var holders = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var (i, holder) in holders.Index())
        {
            await crm.Append(new AppendRequest(StoreFixture.Tenant, [new StreamAppend(holder, "coffee", 0, [StoreFixture.Event(new CoffeeServed(1))])])
            {
                Claims = [new Claim("seat", $"{i}", holder)]
            });
        }

        var told = await Task.WhenAll(holders.Index().Select(seat => crm.Store.Holders(StoreFixture.Tenant, [("seat", $"{seat.Index}"), ("seat", "none")], default)));

        told.Select(found => found.ShouldHaveSingleItem()).ShouldBe(holders.Select((holder, i) => KeyValuePair.Create(("seat", $"{i}"), holder)));
    }

    [Fact]
    public async Task Claims_are_looked_up_by_their_keys_whatever_the_table_was_when_the_plan_was_made()
    {
        await crm.Run($"insert into crm.claim select '{StoreFixture.Tenant}', 'seat', i::text, gen_random_uuid(), now() from generate_series(1, 9) i; analyze crm.claim");

        (await Plan()).ShouldMatch(@"Index (Only )?Scan using claim_pkey[^:]*Index Cond: .*tenant_id = .*kind = .*key = ");
    }

    private async Task<string> Plan()
    {
        await using var connection = await crm.Database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("select set_config('plan_cache_mode', 'force_generic_plan', true)"),
                TenantReader.ByKeysInNameOf(StoreFixture.Tenant),
                new NpgsqlBatchCommand($"explain {ClaimReader.Sql}")
                {
                    Parameters = { new() { Value = StoreFixture.Tenant }, new() { Value = new[] { "seat" } }, new() { Value = new[] { "3" } } }
                }
            }
        };
        var lines = new List<string>();
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.NextResultAsync())
        {
            while (await reader.ReadAsync())
            {
                lines.Add(reader.GetString(0));
            }
        }

        return string.Join('\n', lines);
    }
}
