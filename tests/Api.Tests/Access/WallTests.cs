using System.Text.RegularExpressions;
using Crm.Api.Tests.Journeys;
using Npgsql;

namespace Crm.Api.Tests.Access;

/// <summary>The second wall between tenants: the database itself, as the role that answers questions.</summary>
public sealed class WallTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task The_role_that_answers_owns_nothing_and_passes_no_wall()
    {
        await using var connection = await crm.Engine.Store.Reader.Open(default);

        (await Rows(connection, "select current_user")).ShouldBe(["crm_app"]);
        (await Rows(connection, "select rolname from pg_roles where rolname like 'crm\\_%' and (rolsuper or rolbypassrls or rolcreaterole or (rolcanlogin and rolname not like 'crm\\_analyst\\_%'))")).ShouldBeEmpty();
        (await Rows(connection, "select relname from pg_class where relowner = 'crm_app'::regrole")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_role_writes_only_what_is_its_own()
    {
        await using var connection = await crm.Engine.Database.OpenConnectionAsync();

        (await Writes("crm_app")).ShouldBeEmpty();
        (await Writes("crm_analyst")).ShouldBeEmpty();
        (await Writes("crm_append")).ShouldBe(["claim", "idempotency", "lane", "mt_events", "mt_streams", "person_key"]);
        (await Writes("crm_marten")).ShouldBe(["lane", "mt_event_progression", "mt_events", "mt_high_water_skips", "mt_streams"]);
        (await Writes("crm_send")).ShouldBe(["channel_secret", "message", "message_attempt", "message_item", "mt_event_progression", "webhook", "webhook_attempt", "webhook_outbox", "webhook_replay", "webhook_secret"]);
        (await Writes("crm_work")).ShouldBe(["content", "file", "file_piece", "import", "import_row", "job"]);
        var models = (await Writes("crm_follow")).Where(table => !Regex.IsMatch(table, @"_v\d+$"));
        models.ShouldBe(["automation_failure", "automation_trial", "customer_round", "lead_fading", "metric_day", "mt_event_progression", "opportunity_due",
            "read_model_skip",
            "read_model_stop", "warning_due"]);

        Task<IReadOnlyList<string>> Writes(string role) => Rows(connection, $"""
            select c.relname from pg_class c where c.relkind in ('r', 'p') and c.relnamespace in ('crm'::regnamespace, 'public'::regnamespace)
              and has_table_privilege('{role}', c.oid, 'insert, update, delete, truncate') order by 1
            """);
    }

    [Fact]
    public async Task Every_table_of_many_tenants_has_the_wall_for_its_owner_too()
    {
        await using var connection = await crm.Engine.Database.OpenConnectionAsync();

        var open = await Rows(connection, """
            select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
            where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in ('crm', 'crm_new', 'crm_old', 'public')
              and not (c.relrowsecurity and c.relforcerowsecurity)
            """);

        open.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_table_that_others_can_read_lacks_the_tenant()
    {
        await using var connection = await crm.Engine.Store.Reader.Open(default);

        var readable = await Rows(connection, """
            select c.relname from pg_class c
            where c.relkind in ('r', 'p', 'm') and c.relnamespace::regnamespace::text in ('crm', 'crm_new', 'crm_old', 'public')
              and has_table_privilege('crm_app', c.oid, 'select')
              and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') order by 1
            """);

        readable.ShouldBe(["lane", "mt_event_progression", "pipeline_checkpoint_v2"]);
    }

    [Fact]
    public async Task Views_look_with_the_eyes_of_who_asks_and_no_function_lends_its_owners()
    {
        await using var connection = await crm.Engine.Database.OpenConnectionAsync();

        (await Rows(connection, """
            select relname from pg_class where relkind = 'v' and relnamespace = 'crm'::regnamespace and not coalesce('security_invoker=true' = any(reloptions), false)
            """)).ShouldBeEmpty();
        (await Rows(connection, """
            select proname from pg_proc where prosecdef and pronamespace in ('crm'::regnamespace, 'public'::regnamespace)
            """)).ShouldBeEmpty();
        (await Rows(connection, "select matviewname from pg_matviews")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_unique_key_begins_with_the_tenant_but_for_ids_that_the_server_makes()
    {
        await using var connection = await crm.Engine.Database.OpenConnectionAsync();

        var oracles = await Rows(connection, """
            select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
            where i.indisunique and c.relnamespace in ('crm'::regnamespace, 'public'::regnamespace)
              and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
              and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnum = i.indkey[0])
            order by 1
            """);

        oracles.ShouldBe(["idx_mt_events_event_id", "pkey_mt_events_seq_id"]);
    }

    [Fact]
    public async Task A_forgotten_tenant_is_an_error_and_neither_all_nor_nothing()
    {
        (await crm.Http.Write("leads", new { source = "web" })).Ok();
        await using var connection = await crm.Engine.Store.Reader.Open(default);

        // Before a tenant was ever named on this connection, and after a transaction in which one was.
        (await Refused(connection)).ShouldBe("42501");
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await Rows(connection, "select set_config('app.tenant', 'main', true)");
            (await Rows(connection, "select count(*)::text from public.mt_events")).ShouldNotBe(["0"]);
            await transaction.CommitAsync();
        }

        (await Refused(connection)).ShouldBe("42501");
    }

    [Fact]
    public async Task Nothing_can_be_written_by_the_role_that_answers()
    {
        await using var connection = await crm.Engine.Store.Reader.Open(default);

        foreach (var statement in (string[])["delete from public.mt_events", "update crm.lane set position = 0", "create table crm.mine ()", "insert into crm.claim values ('main', 'a', 'b', gen_random_uuid(), now())"])
        {
            (await Should.ThrowAsync<PostgresException>(() => Rows(connection, statement))).SqlState.ShouldBe("42501", statement);
        }
    }

    [Fact]
    public async Task Ten_thousand_reads_of_two_tenants_over_two_connections_see_nothing_of_each_other()
    {
        using var one = await crm.Tenant("wall-one");
        using var other = await crm.Tenant("wall-other");
        foreach (var tenant in (HttpClient[])[one, other])
        {
            for (var i = 0; i < 3; i++)
            {
                (await tenant.Write("leads", new { source = "web" })).Ok();
            }
        }

        var text = new NpgsqlConnectionStringBuilder(crm.ConnectionString) { MaxPoolSize = 2, Options = "-c role=crm_app" };
        await using var two = NpgsqlDataSource.Create(text);
        var reader = new EventStore.TenantReader(two);
        var random = new Random(1);
        var plans = Enumerable.Range(0, 10_000).Select(_ => (Tenant: random.Next(2) == 0 ? "wall-one" : "wall-other", Mishap: random.Next(20))).ToList();
        var (read, foreign, mishaps) = (0, 0, 0);

        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (plan, ct) =>
        {
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
                if (plan.Mishap == 1)
                {
                    patience.CancelAfter(TimeSpan.FromMilliseconds(1));
                }

                var sql = plan.Mishap switch
                {
                    0 => "select (1 / 0)::text",
                    1 => "select tenant_id from public.mt_events, pg_sleep(1)",
                    2 => "set local statement_timeout = 1; select pg_sleep(1)::text",
                    _ => "select tenant_id from public.mt_events where type = 'lead_captured'"
                };
                var seen = await reader.Read(plan.Tenant, sql, [], row => Texts(row), patience.Token);
                Interlocked.Increment(ref read);
                Interlocked.Add(ref foreign, seen.Count(tenant => tenant != plan.Tenant));
                if (plan.Mishap > 2)
                {
                    seen.Count.ShouldBe(3);
                }
            }
            catch (Exception error) when (error is PostgresException or OperationCanceledException or NpgsqlException)
            {
                Interlocked.Increment(ref mishaps);
            }
        });

        (foreign, read + mishaps).ShouldBe((0, 10_000));
        read.ShouldBeGreaterThan(8_000);
        mishaps.ShouldBeGreaterThan(500);
    }

    private static async Task<string> Refused(NpgsqlConnection connection) =>
        (await Should.ThrowAsync<PostgresException>(() => Rows(connection, "select count(*)::text from public.mt_events"))).SqlState;

    private static async Task<IReadOnlyList<string>> Rows(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        return await Texts(reader);
    }

    private static async Task<IReadOnlyList<string>> Texts(NpgsqlDataReader reader)
    {
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
