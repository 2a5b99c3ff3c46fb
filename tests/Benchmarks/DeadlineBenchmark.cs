using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Crm.EventStore;
using Crm.Projections;
using Npgsql;

namespace Crm.Benchmarks;

/// <summary>How late what falls due is done, of a hundred thousand deadlines and by two programs; and what waiting costs.</summary>
public static class DeadlineBenchmark
{
    private const int Armed = 100_000;
    private const int Due = 6_000;
    private const int Seconds = 60;
    private const int Reps = 20;
    private const int IdleSeconds = 20;

    // As often as the product looks.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        var (database, connection) = await ground.NewDatabase(ct);
        await Ground.Fill(database, "deadlines.sql", ct, ("leads", Armed), ("due", Due), ("seconds", Seconds));
        await LeaveOthersOut(database, ct);
        await using (var one = await ServedProgram.Start(connection, ct))
        await using (var other = await ServedProgram.Start(connection, ct))
        {
            await Publish(one, ct);
            await one.Drained(ct);
            figures.Say($"{Armed:N0} deadlines armed; nothing is due for {IdleSeconds} s, and as long again once the programs have come to rest");
            await Idle(database, [one, other], ct);
            var idle = await Idle(database, [one, other], ct);

            await Jump(database, ct);
            figures.Say($"{Due:N0} fall due within {Seconds} s");
            var late = await Late(database, ct);
            await one.Drained(ct);
            var floor = await Floor(database, figures, ct);
            var (p99, floor99) = (Figures.Quantile(late, 0.99), Figures.Quantile(floor, 0.99));
            figures.Say($"late p50 {Figures.Median(late):N0} ms, p99 {p99:N0}, max {late.Max():N0}");
            figures.Say($"floor p50 {Figures.Median(floor):N0} ms, p99 {floor99:N0}, max {floor.Max():N0}");
            figures.Add("deadlines_p99_ms", p99, "< 1,000", "due → recorded, two programs");
            figures.Add("deadlines_max_ms", late.Max(), "as little as can be", "due → recorded, two programs");
            figures.Add("deadlines_p99_vs_floor", p99 / floor99, "as little as can be", "against a loop that looks as often");
            figures.Add("deadlines_idle_percent", idle.Programs, "< 5", "of a core, both programs, while nothing is due");
            figures.Add("deadlines_idle_database_percent", idle.Database, "as little as can be", "of a core, PostgreSQL for them");
        }

        await ground.Drop(database, ct);
    }

    // Read models that have no part in deadlines begin behind the leads.
    private static Task LeaveOthersOut(NpgsqlDataSource database, CancellationToken ct) => Ground.Run(database,
        "insert into public.mt_event_progression (name, last_seq_id) select n, (select position from crm.lane) from unnest(array["
        + string.Join(", ", Catalog.All.Except([Catalog.LeadClocks, Catalog.LeadAssignments]).Select(model => $"'{model.Progress}'"))
        + "]) n", ct);

    private static async Task Publish(ServedProgram program, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{program.Port}/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", ServedProgram.Key);
        var (workdays, rules) = (new[] { "monday" }, new[] { new { key = "turn", name = "In turn" } });
        (await http.PutAsJsonAsync("playbook/draft", new
        {
            name = "Deadlines",
            calendars = new[] { new { key = "office", zone = "UTC", workdays, hours = new[] { new { from = "09:00", to = "17:00" } } } },
            reps = Enumerable.Range(0, Reps).Select(n => new { rep = $"rep-{n}" }),
            assignment = new { rules, firstTask = new { kind = "first-call", title = "Call" } },
            clocks = new { calendar = "office", firstResponse = new { dueMinutes = 1440, remindMinutes = 1200, counting = "elapsed" } }
        }, ct)).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync("playbook/publication", new { }, ct)).EnsureSuccessStatusCode();
    }

    private static async Task<(double Programs, double Database)> Idle(
        NpgsqlDataSource database, IReadOnlyList<ServedProgram> programs, CancellationToken ct)
    {
        var (clock, worked, backends) = (Stopwatch.StartNew(), Worked(), await Backends(database, ct));
        await Task.Delay(TimeSpan.FromSeconds(IdleSeconds), ct);
        var (seconds, later) = (clock.Elapsed.TotalSeconds, await Backends(database, ct));
        var more = later.Sum(backend => backend.Value - backends.GetValueOrDefault(backend.Key));
        return (100 * (Worked() - worked) / seconds, 100 * more / seconds);

        double Worked() => programs.Sum(program => program.Worked.TotalSeconds);
    }

    // Seconds of a core that each server process has worked.
    private static async Task<Dictionary<int, double>> Backends(NpgsqlDataSource database, CancellationToken ct)
    {
        var pids = await Ground.Ask<int[]>(database, "select array_agg(pid) from pg_stat_activity where pid <> pg_backend_pid()", ct);
        return pids.Where(pid => Directory.Exists($"/proc/{pid}")).ToDictionary(pid => pid, pid =>
        {
            using var backend = Process.GetProcessById(pid);
            return backend.TotalProcessorTime.TotalSeconds;
        });
    }

    // Three seconds before the first of them is due.
    private static async Task Jump(NpgsqlDataSource database, CancellationToken ct)
    {
        var seconds = await Ground.Ask<double>(database, """
            select extract(epoch from min((data -> 'terms' ->> 'remindAt')::timestamptz) - clock_timestamp())::float8 - 3
            from public.mt_events where type = 'lead_assigned'
            """, ct);
        await Ground.Run(database, string.Create(CultureInfo.InvariantCulture, $"""
            create or replace function crm.clock() returns timestamptz language sql volatile as
            'select clock_timestamp() + make_interval(secs => {seconds})'
            """), ct);
    }

    private static async Task<List<double>> Late(NpgsqlDataSource database, CancellationToken ct)
    {
        const string Done = "select count(*) from public.mt_events where type in ('lead_reminded', 'lead_response_missed')";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(5 * Seconds));
        while (await Ground.Ask<long>(database, Done, patience.Token) < Due)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), patience.Token);
        }

        return await Milliseconds(database, """
            select extract(epoch from d.timestamp - coalesce(t.terms ->> 'remindAt', t.terms ->> 'respondBy')::timestamptz) * 1000
            from public.mt_events d join public.mt_events a on a.tenant_id = d.tenant_id and a.stream_id = d.stream_id and a.version = 2
            cross join lateral (select a.data -> 'terms' as terms) t where d.type in ('lead_reminded', 'lead_response_missed')
            """, ct);
    }

    private static async Task<List<double>> Floor(NpgsqlDataSource database, Figures figures, CancellationToken ct)
    {
        figures.Say($"the same of a plain table, looked at every {Poll.TotalMilliseconds:N0} ms");
        await Ground.Run(database, $"""
            update public.floor_due set due_at = clock_timestamp() + interval '2 seconds' + id * {Seconds} * interval '1 second' / {Due}
            where id < {Due}
            """, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var look = new NpgsqlCommand(
            "update public.floor_due set done_at = clock_timestamp() where done_at is null and due_at <= clock_timestamp()", connection);
        for (var done = 0; done < Due; done += await look.ExecuteNonQueryAsync(ct))
        {
            await Task.Delay(Poll, ct);
        }

        return await Milliseconds(
            database, "select extract(epoch from done_at - due_at) * 1000 from public.floor_due where done_at is not null", ct);
    }

    private static async Task<List<double>> Milliseconds(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select x::float8 from ({sql}) t (x)");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var all = new List<double>();
        while (await reader.ReadAsync(ct))
        {
            all.Add(reader.GetDouble(0));
        }

        return all.Count == Due ? all : throw new InvalidOperationException($"{all.Count} deadlines were kept, and {Due} were meant.");
    }
}
