using Npgsql;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>A store, one or two programs that serve it, clients at work, and a proxy between where a test wants one.</summary>
internal sealed class Office : IAsyncDisposable
{
    private const int Crowd = 20;
    private readonly ServedProgram?[] nodes;
    private readonly IReadOnlyDictionary<string, string>[] environments;
    private readonly int[] ports;

    private Office(string connectionString, Proxy? line, int nodeCount, int seed, string? folder)
    {
        (ConnectionString, Line) = (connectionString, line);
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "test" });
        nodes = new ServedProgram?[nodeCount];
        ports = [.. nodes.Select(_ => ServedProgram.FreePort())];
        environments = [.. nodes.Select((_, n) => Environment(n, line?.ConnectionString ?? connectionString, folder))];
        Clients = new Salespeople(ports, seed);
    }

    public string ConnectionString { get; }

    /// <summary>The straight way to PostgreSQL, for questions.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>Between the programs and PostgreSQL.</summary>
    public Proxy? Line { get; }

    public Salespeople Clients { get; }

    /// <param name="behindProxy">Where the programs reach PostgreSQL through a proxy.</param>
    /// <param name="before">Done when the tables are there, before anybody works.</param>
    /// <param name="crowd">Whether clients work all the time.</param>
    public static async Task<Office> Open(int seed, bool behindProxy = false, int nodes = 1, Func<Office, Task>? before = null, Action<Proxy>? tune = null, bool crowd = true)
    {
        var connectionString = await TestCluster.NewDatabase();
        var proxy = behindProxy ? Proxy.Before(connectionString) : null;
        if (proxy is not null)
        {
            tune?.Invoke(proxy);
        }

        return await Begin(new Office(connectionString, proxy, nodes, seed, folder: null), before, crowd);
    }

    /// <summary>On a cluster of the test's own.</summary>
    public static Task<Office> OpenOn(OwnCluster cluster, int seed, bool crowd = true) =>
        Begin(new Office(cluster.ConnectionString, null, 1, seed, folder: null), before: null, crowd);

    /// <summary>The same on two nodes that both take themselves for the leader of every read model.</summary>
    public static async Task<Office> OpenWithTwoLeaders(int seed, Action<Proxy>? tune = null)
    {
        var straight = new NpgsqlConnectionStringBuilder(await TestCluster.NewDatabase());
        await using (var database = NpgsqlDataSource.Create(straight.ConnectionString))
        {
            await database.CreateCommand("create schema lie; create function lie.pg_try_advisory_lock(bigint) returns boolean return true").ExecuteNonQueryAsync();
        }

        straight.SearchPath = "lie,pg_catalog,public";
        var proxy = Proxy.Before(straight.ConnectionString);
        tune?.Invoke(proxy);
        return await Begin(new Office(straight.ConnectionString, proxy, 2, seed, folder: null), before: null);
    }

    /// <summary>With the private PostgreSQL in a folder, which the program starts and revives by itself.</summary>
    public static Task<Office> OpenPrivate(int seed, string folder, string connectionString, Func<Office, Task>? before = null) =>
        Begin(new Office(connectionString, null, 1, seed, folder), before);

    public ServedProgram Node(int n = 0) => nodes[n] ?? throw new InvalidOperationException($"Node {n} does not serve.");

    public async Task Start(int n = 0) => nodes[n] = await ServedProgram.Serve(ports[n], environments[n]);

    public async Task Kill(int n = 0)
    {
        await Node(n).Kill();
        Node(n).HasExited.ShouldBeTrue();
        nodes[n] = null;
    }

    /// <summary>The same; every client that waited then knows that he got no answer, or has read it.</summary>
    public async Task KillAndHear(int n = 0)
    {
        var heard = Clients.Unknown + Clients.Answered.Count + Clients.InFlight;
        await Kill(n);
        await Clients.Until("all who waited know", () => Clients.Unknown + Clients.Answered.Count >= heard);
    }

    /// <summary>Whether something was written that no client was told of.</summary>
    public async Task<bool> HoldsUnanswered() =>
        await Ask<long>("select coalesce(max(seq_id), 0) from mt_events") > Clients.Answered.Max(request => request.Position);

    /// <summary>Another verb of the program on the same store.</summary>
    public ServedProgram Verb(params string[] words) => ServedProgram.Run(words, environments[0]);

    /// <summary>Waits until many requests were answered and many are under way.</summary>
    /// <returns>How many are.</returns>
    public async Task<int> Crowded(int answers = 100)
    {
        var before = Clients.Answered.Count;
        Clients.Rush = true;
        await Clients.Until("many requests are answered, and many wait", () => Clients.Answered.Count >= before + answers && Clients.InFlight >= Crowd);
        Clients.Rush = false;
        return Clients.InFlight;
    }

    /// <summary>Nothing new is asked, all that was asked is answered, the read models are at the head; then the ledger is read.</summary>
    /// <returns>What was seen.</returns>
    public async Task<string> Balance()
    {
        await Clients.Pause();
        Database.Clear();                                       // connections that died with PostgreSQL
        var caughtUp = await CaughtUp();
        (await Breaches()).ShouldBeEmpty();
        Clients.Resume();
        return $"{Clients.Answered.Count} answered, {Clients.Unknown} unknown at first, {Clients.Answered.Count(r => r.Repeated)} repeated, " +
            $"{Clients.Answered.Count(r => r.Replayed)} of them carried out before; read models at the head after {caughtUp.TotalMilliseconds:0} ms";
    }

    /// <summary>Everything that the ledger finds amiss, once the clients rest.</summary>
    public async Task<IReadOnlyList<string>> Breaches() =>
        [.. await Ledger.Breaches(Database, Clients.Answered, Clients.Readings), .. await Ledger.Misfolded(Database)];

    /// <summary>What the ledger finds where a guard is off and it takes chance to see it: after a few tries at the most.</summary>
    public async Task Red(ITestOutputHelper output, Func<Task> again, int tries = 5)
    {
        for (var i = 0; i < tries; i++)
        {
            await again();
            if ((await BreachesAtRest()).Count > 0)
            {
                break;
            }

            Clients.Resume();
        }

        await Red(output);
    }

    /// <summary>What the ledger finds where a guard is off.</summary>
    public async Task<IReadOnlyList<string>> Red(ITestOutputHelper output)
    {
        var breaches = await BreachesAtRest();
        output.WriteLine($"with the guard off, {breaches.Count} breaches:\n{string.Join('\n', breaches.Take(6))}");
        breaches.ShouldNotBeEmpty();
        return breaches;
    }

    // With a guard off the read models may never come to the head.
    private async Task<IReadOnlyList<string>> BreachesAtRest()
    {
        await Clients.Pause();
        Database.Clear();
        await CaughtUp(within: TimeSpan.FromSeconds(3)).ContinueWith(_ => { });
        return await Breaches();
    }

    public Task<TimeSpan> CaughtUp(string models = "%", TimeSpan? within = null) =>
        Patience.Until($"the read models ({models}) reach the head", async () => await Ledger.Behind(Database, models) == 0, within);

    /// <summary>How long it took until every read model had come to a position.</summary>
    public Task<TimeSpan> Passed(long position, TimeSpan within, params string[] but) => Patience.Until($"every read model is at {position}", () =>
        Ask<bool>($"""
            select not exists (select from {Ledger.Names} left join mt_event_progression p on p.name = n || ':All'
                               where coalesce(p.last_seq_id, 0) < {position} and split_part(n, ':', 1) <> all (array[{string.Join(", ", but.Select(b => $"'{b}'"))}]::text[]))
            """), within);

    /// <summary>Which program carries the leads, and which backend holds the right to it; waits for the moment after a change in which nobody does.</summary>
    public async Task<(int Node, int Backend)> Leader()
    {
        (int Node, int Backend) leader = default;
        await Patience.Until("somebody leads", async () => (leader = await LeaderNow()).Backend > 0);
        return leader;
    }

    private async Task<(int Node, int Backend)> LeaderNow()
    {
        await using var command = Database.CreateCommand("""
            select right(a.application_name, 1)::int, a.pid from pg_locks l join pg_stat_activity a using (pid)
            where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
              and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended('crm.follow:lead_list:V5:All', 0)
            """);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetInt32(0), reader.GetInt32(1)) : (0, 0);
    }

    /// <summary>Whether a program says that it can do its work.</summary>
    public async Task<bool> Ready(int n = 0) => await Clients.Ask("health/ready", n) is (200, _);

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Run(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        foreach (var node in nodes)
        {
            if (node is not null)
            {
                await node.DisposeAsync();
            }
        }

        if (Line is not null)
        {
            await Line.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    private static async Task<Office> Begin(Office office, Func<Office, Task>? before, bool crowd = true)
    {
        try
        {
            for (var n = 0; n < office.nodes.Length; n++)
            {
                await office.Start(n);
            }

            await (before?.Invoke(office) ?? Task.CompletedTask);
            if (crowd)
            {
                office.Clients.Begin();
            }

            return office;
        }
        catch
        {
            await office.DisposeAsync();
            throw;
        }
    }

    private static Dictionary<string, string> Environment(int n, string connectionString, string? folder)
    {
        var environment = new Dictionary<string, string> { ["Crm__PatienceSeconds"] = "2" };
        if (folder is not null)
        {
            environment["Crm__DataDirectory"] = folder;
            return environment;
        }

        environment["Crm__MasterKey"] = Convert.ToBase64String(new byte[32]);
        environment["ConnectionStrings__Crm"] =
            new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = $"node {n}" }.ConnectionString;
        return environment;
    }
}
