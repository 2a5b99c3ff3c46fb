using Crm.Api.Tests.Journeys;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Tests.Access;

/// <summary>A tenant's analysts log in to the database itself, and see the tenant's read models.</summary>
public sealed class AnalystTests(CrmServer crm) : IClassFixture<CrmServer>, IAsyncLifetime
{
    private const string Password = "only-for-this-test";

    // Logins belong to the whole server, which other tests share.
    private readonly string own = $"a-{Guid.NewGuid():N}";
    private readonly string other = $"b-{Guid.NewGuid():N}";

    public async Task InitializeAsync()
    {
        string? last = null;
        foreach (var tenant in (string[])[own, other])
        {
            using var http = await crm.Tenant(tenant);
            (await http.Write("leads", new { source = "web", company = $"Lead of {tenant}", contact = "李雷" })).Ok();
            (await http.Write("customers", new { name = $"Customer of {tenant}" })).Ok();
            last = (await http.Open(new { name = $"Deal of {tenant}" })).Position;
            (await http.Read("opportunities", ("Crm-Min-Position", last))).Ok();
            (await http.Read("leads", ("Crm-Min-Position", last))).Ok();
            (await http.Read("customers?q=customer", ("Crm-Min-Position", last))).Ok();
            (await http.Read("audit", ("Crm-Min-Position", last))).Ok();
            (await http.Read("pipeline", ("Crm-Min-Position", last))).Ok();
        }

        await new Analysts(crm.Engine.Database, own).Let(Password, default);
    }

    public async Task DisposeAsync() => await new Analysts(crm.Engine.Database, own).Forget(default);

    [Fact]
    public async Task They_read_every_read_model_of_their_tenant_and_no_row_of_another()
    {
        await using var analyst = await Login();
        var views = await Rows(analyst, "select table_name from information_schema.views where table_schema = 'crm' order by 1");

        views.ShouldContain("opportunity_list_history");
        foreach (var view in views)
        {
            (await Rows(analyst, $"select distinct tenant_id from crm.{view}")).Except([own]).ShouldBeEmpty(view);
        }

        (await Rows(analyst, "select name from opportunity_list")).ShouldBe([$"Deal of {own}"]);
        (await Rows(analyst, "select company || coalesce(contact, '') from lead_list")).Single().ShouldNotContain("李雷");
        (await Rows(analyst, "select sum(count)::text from pipeline")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_rebuild_takes_nothing_from_them()
    {
        await using (var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default))
        {
            await new Rebuild(engine.Database, Catalog.Customers, engine.Store.Types).Run(Gear.FlatOut, null, default);
        }

        await using var analyst = await Login();

        (await Rows(analyst, "select name from customer_list")).ShouldBe([$"Customer of {own}"]);
    }

    [Theory]
    [InlineData("select * from public.mt_events")]
    [InlineData("select * from public.mt_streams")]
    [InlineData("select * from crm.person_key")]
    [InlineData("select * from crm.idempotency")]
    [InlineData("select * from crm.claim")]
    [InlineData("commit; begin transaction read write; delete from crm.lead_list")]
    [InlineData("commit; begin transaction read write; insert into crm.customer_list (tenant_id, customer_id) values ('x', gen_random_uuid())")]
    [InlineData("commit; begin transaction read write; create table crm.mine (x int)")]
    [InlineData("set role crm_app")]
    [InlineData("set role crm_analyst; select * from crm.lead_list")]
    [InlineData("copy crm.lead_list to program 'cat'")]
    [InlineData("select pg_advisory_lock(4715926535897932384)")]
    [InlineData("select pg_try_advisory_xact_lock_shared(1, 2)")]
    [InlineData("select lo_creat(-1)")]
    [InlineData("select lo_from_bytea(0, 'x')")]
    public async Task Nothing_else_is_open_to_them(string statement)
    {
        await using var analyst = await Login();
        await using var command = new NpgsqlCommand($"begin; select set_config('app.tenant', '{other}', true); {statement}", analyst);

        (await Should.ThrowAsync<PostgresException>(command.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_login_that_is_taken_away_is_shut_out_at_once()
    {
        await using var analyst = await Login();

        (await new Analysts(crm.Engine.Database, own).Forget(default)).ShouldBeTrue();

        await Should.ThrowAsync<NpgsqlException>(() => Rows(analyst, "select 1"));
        await Should.ThrowAsync<NpgsqlException>(async () => await (await Login()).DisposeAsync());
        (await new Analysts(crm.Engine.Database, own).Forget(default)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_owner_who_is_no_superuser_makes_a_login_and_takes_it_away_while_it_is_used()
    {
        var owner = $"owner_{Guid.NewGuid():N}";
        await crm.Sql($"create role {owner} login createrole password '{Password}'");
        await using var limited = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(crm.ConnectionString) { Username = owner, Password = Password, Pooling = false }.ConnectionString);
        await new Analysts(crm.Engine.Database, own).Forget(default);
        try
        {
            await new Analysts(limited, own).Let(Password, default);
            await using var analyst = await Login();
            (await Rows(analyst, "select name from opportunity_list")).ShouldBe([$"Deal of {own}"]);

            (await new Analysts(limited, own).Forget(default)).ShouldBeTrue();

            await Should.ThrowAsync<NpgsqlException>(() => Rows(analyst, "select 1"));
        }
        finally
        {
            await new Analysts(crm.Engine.Database, own).Forget(default);
            await crm.Sql($"drop role {owner}");
        }
    }

    private async Task<NpgsqlConnection> Login()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(crm.ConnectionString)
        {
            Username = $"crm_analyst_{own}",
            Password = Password,
            Pooling = false
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<IReadOnlyList<string>> Rows(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
