using Crm.Api.Tests.Journeys;
using Crm.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Api.Tests.Access;

/// <summary>
/// Lists and figures, as the role that answers asks them, can be read by an index behind the wall between tenants: where PostgreSQL is told to go
/// through a table from end to end only when there is no other way, it never does.
/// </summary>
public sealed class PlansTests(UntidiedServer crm) : IClassFixture<UntidiedServer>
{
    private static readonly string[] Questions =
    [
        "leads", "leads?status=new&rep=m-1", "leads?filter=company~%E8%8B%8F%E5%B7%9E,employees%3E%3D10&sort=-employees,company&total=true", "leads?asOf=2100-01-01",
        "customers?region=East&sort=name", "customers?q=%E8%8B%8F%E5%B7%9E", "leads?q=%E8%8B%8F%E5%B7%9E1%20web&asOf=2100-01-01", "opportunities?q=d", "customers?q=%E8%8B%8F%E5%B7%9E%20%E4%BB%AA%E5%99%A8&sort=name",
        "opportunities?filter=amount%3E%3D1000&sort=name&expand=customer,lead", "opportunities?at=2026-11-01",
        "tasks", "tasks?rep=m-1&state=open&sort=dueAt", "tasks?overdue=true&total=true",
        "tasks?about=0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52", "tasks/board?by=team", "tasks/board?asOf=2100-01-01&by=rep,kind", "alerts",
        "alerts/unread",
        "pipeline", "pipeline?by=team,rep", "pipeline?asOf=2100-01-01&by=product", "conversion?by=rep", "conversion?mode=flow&from=2026-01-01&to=2100-01-01",
        "reports/activity?by=rep,day", "reports/activity?from=2026-01-01&to=2100-01-01&by=kind&sort=touches&top=3", "audit", "audit?kind=lead_captured&from=2026-01-01", "events", "events?type=lead_captured&subject=lead",
        "leads/export", "opportunities/export?format=ndjson&at=2026-11-01", "customers/export?q=%E8%8B%8F&sort=name", "events?stream=0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52", "changes", "changes?subject=lead", "imports/rows", "members", "api-keys"
    ];

    [Fact]
    public async Task No_list_and_no_figure_is_read_from_end_to_end()
    {
        await crm.Sql($"alter database {new NpgsqlConnectionStringBuilder(crm.ConnectionString).Database} set enable_seqscan = off");
        using var admin = await crm.Tenant("plans");
        for (var i = 0; i < 20; i++)
        {
            (await admin.Write("leads", new { source = "web", company = $"苏州{i}", employees = i })).Ok();
        }

        var last = await admin.Open(new { name = "Deal", rep = "m-1" });
        (await admin.Read("leads", ("Crm-Min-Position", last.Position))).Ok();
        var key = (await admin.Write("api-keys", new { name = "reader" })).Ok()["key"];

        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        await using (var other = Server.Build(engine, UntidiedServer.Without))
        {
            await other.StartAsync();
            using var reader = new HttpClient { BaseAddress = new Uri(other.Urls.Single() + "/api/v1/"), DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
            var before = await Scans();
            foreach (var question in Questions)
            {
                for (var i = 0; i < 3; i++)
                {
                    (await reader.Read(question)).Ok();
                }
            }

            (await reader.Write("leads/search", new { filter = new { field = "source", @operator = "eq", value = "web" } })).Ok();

            // What was read is counted when a connection has been idle for a while.
            await Patience.Until("the reads are counted", async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => reader.Read("leads")));
                return (await Scans())["crm.lead_list_v5"].Index > before["crm.lead_list_v5"].Index + 10;
            });
            var after = await Scans();
            after.Where(table => table.Value.Whole > before[table.Key].Whole).Select(table => table.Key).ShouldBeEmpty();
        }
    }

    private async Task<Dictionary<string, (long Whole, long Index)>> Scans()
    {
        await using var command = crm.Engine.Database.CreateCommand("""
            select s.schemaname || '.' || s.relname, s.seq_scan, coalesce(s.idx_scan, 0) from pg_stat_user_tables s
            where s.relname not like 'idempotency%' and exists (select from pg_attribute a where a.attrelid = s.relid and a.attname = 'tenant_id')
            """);
        await using var rows = await command.ExecuteReaderAsync();
        var scans = new Dictionary<string, (long, long)>();
        while (await rows.ReadAsync())
        {
            scans[rows.GetString(0)] = (rows.GetInt64(1), rows.GetInt64(2));
        }

        return scans;
    }
}

/// <summary>One that does not tidy: at its start that goes through what is old, which is counted whenever its connection comes to it.</summary>
public sealed class UntidiedServer : CrmServer
{
    public static void Without(IServiceCollection services) => services.Remove(services.Single(service => service.ImplementationType == typeof(Tidying)));

    protected override void With(IServiceCollection services) => Without(services);
}
