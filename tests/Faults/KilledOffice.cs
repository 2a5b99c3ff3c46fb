using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Crm.Support.Months;
using Npgsql;

namespace Crm.Faults.Tests;

/// <summary>
/// Two programs over one store whose clock is moved; at given moments whichever looks after leads is killed, and begun again while the
/// other goes on.
/// </summary>
internal sealed class KilledOffice : IMonthHost, IAsyncDisposable
{
    private readonly Queue<(DateTimeOffset At, bool WhileCapturing)> moments;
    private readonly string connectionString;
    private readonly int[] ports = [ServedProgram.FreePort(), ServedProgram.FreePort()];
    private readonly ServedProgram?[] nodes = new ServedProgram?[2];
    private readonly bool[] knowsTime = [true, true];
    private readonly Dictionary<string, string> keys = new() { ["admin"] = ServedProgram.Key };
    private readonly HttpClient http = new();
    private TimeSpan ahead;
    private DateTimeOffset now;
    private Task begun = Task.CompletedTask;
    private int said;

    private KilledOffice(string connectionString, IReadOnlyList<(DateTimeOffset, bool)> moments)
    {
        (this.connectionString, this.moments) = (connectionString, new(moments));
        Database = NpgsqlDataSource.Create(connectionString);
    }

    public NpgsqlDataSource Database { get; }

    /// <summary>Which program was killed, each time.</summary>
    public List<int> Kills { get; } = [];

    public static async Task<KilledOffice> Open(IReadOnlyList<(DateTimeOffset At, bool WhileCapturing)> moments)
    {
        var office = new KilledOffice(await TestCluster.NewDatabase(), moments);
        try
        {
            await office.Start(0);
            await office.Start(1);
            return office;
        }
        catch
        {
            await office.DisposeAsync();
            throw;
        }
    }

    public async Task Move(DateTimeOffset to)
    {
        await Pass(to - DateTimeOffset.UtcNow - ahead);
        now = to;

        // A program that has just begun knows an earlier time, until it looks again; only then it is spoken to.
        for (var n = 0; n < nodes.Length; n++)
        {
            knowsTime[n] = nodes[n] is not null && await Ask(n, "admin", "GET", $"leads/{Guid.Empty}/score", null, null) is not null;
        }

        await Run("notify mt_events_appended");
        if (moments.TryPeek(out var next) && next.At <= now && !next.WhileCapturing)
        {
            await KillLeader();
        }
    }

    public Task Pass(TimeSpan time)
    {
        ahead += time;
        return Run($"""
            create or replace function crm.clock() returns timestamptz language sql volatile as
            'select clock_timestamp() + interval ''{ahead.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds'''
            """);
    }

    public Task Settle() => Patience.Until("all that is due is done", async () =>
    {
        await using var settled = Database.CreateCommand(MonthSettled.Sql);
        return (bool)(await settled.ExecuteScalarAsync())!;
    });

    /// <summary>Said to one program and then to the other, under one key until one has answered, as a client does.</summary>
    public async Task<JsonElement> Say(string who, string method, string path, object? body = null)
    {
        var killing = path == "leads" && moments.TryPeek(out var next) && next.At <= now ? KillLeader() : Task.CompletedTask;
        var (key, answer) = ($"said-{++said}", default(JsonElement));
        var turn = said;
        await Patience.Until("somebody answers", async () =>
        {
            var n = turn++ % 2;
            if (!knowsTime[n] || await Ask(n, who, method, path, body, key) is not var (status, text)
                || status >= HttpStatusCode.InternalServerError)
            {
                return false;
            }

            ((int)status).ShouldBeInRange(200, 299, $"{method} {path} by {who}: {text}");
            answer = text.Length > 0 ? JsonDocument.Parse(text).RootElement : default;
            return true;
        });
        await killing;
        return answer;
    }

    public void Know(string member, string key) => keys[member] = key;

    public async Task<bool> IsShutOut(string member)
    {
        for (var n = 0; n < nodes.Length; n++)
        {
            if (knowsTime[n] && await Ask(n, member, "GET", "me", null, null) is not (HttpStatusCode.Unauthorized, _))
            {
                return false;
            }
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await begun;
        foreach (var node in nodes)
        {
            await (node?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        http.Dispose();
        await Database.DisposeAsync();
    }

    private async Task KillLeader()
    {
        moments.Dequeue();
        await begun;
        var leader = -1;
        await Patience.Until("somebody leads", async () => (leader = await Leader()) >= 0);
        var dead = nodes[leader]!;
        (nodes[leader], knowsTime[leader]) = (null, false);
        await dead.Kill();
        await dead.DisposeAsync();
        Kills.Add(leader);
        begun = Start(leader);
    }

    private async Task<int> Leader()
    {
        await using var command = Database.CreateCommand("""
            select coalesce(max(right(a.application_name, 1)::int), -1) from pg_locks l join pg_stat_activity a using (pid)
            where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
              and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended('crm.automations', 0)
            """);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private async Task Start(int n) => nodes[n] = await ServedProgram.Serve(ports[n], new Dictionary<string, string>
    {
        ["Crm__MasterKey"] = Convert.ToBase64String(new byte[32]),
        ["Crm__Zone"] = MonthDays.Zone,
        ["Crm__UnsafeWebhooks"] = "true",
        ["ConnectionStrings__Crm"] = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = $"node {n}" }.ConnectionString
    });

    // Null where nobody answers.
    private async Task<(HttpStatusCode Status, string Text)?> Ask(int n, string who, string method, string path, object? body, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{ports[n]}/api/v1/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys[who]);
        if (body is not null)
        {
            var type = new MediaTypeHeaderValue(method == "PATCH" ? "application/merge-patch+json" : "application/json");
            request.Content = JsonContent.Create(body, type, MonthSettled.Json);
            request.Headers.Add("Idempotency-Key", key);
        }

        try
        {
            using var response = await http.SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private async Task Run(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
