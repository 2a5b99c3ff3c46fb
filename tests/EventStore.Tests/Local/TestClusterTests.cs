using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests.Local;

public sealed class TestClusterTests
{
    [Fact]
    public async Task Every_new_database_is_empty_and_its_own()
    {
        await using var one = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await using var other = NpgsqlDataSource.Create(await TestCluster.NewDatabase());

        await one.CreateCommand("create table leads (id int)").ExecuteNonQueryAsync();

        (await other.CreateCommand("select count(*) from pg_tables where schemaname = 'public'").ExecuteScalarAsync()).ShouldBe(0L);
    }
}
