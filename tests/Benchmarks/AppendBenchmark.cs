using System.Diagnostics;
using Crm.Domain.Leads;
using Crm.EventModel;
using Crm.EventStore;
using Crm.Projections;
using Npgsql;

namespace Crm.Benchmarks;

/// <summary>One event an append, with expected version and last event, by 32 and 256 waiting callers, against pgbench's one statement.</summary>
public static class AppendBenchmark
{
    // The same streams for all: as many as have their turn within seconds.
    private const int Streams = 8192;
    private const int Rounds = 3;
    private const int Seconds = 8;

    private static readonly LeadCaptured Fact = new(
        "bench", "Suzhou Hengce Instruments", Role: "head of laboratory", Region: "East", Industry: "instruments", Employees: 320, Campaign: "spring fair",
        Product: "Spectro S5 with flow cell", ExternalId: new string('0', 58));

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        var (database, connection) = await ground.NewDatabase(ct);
        await Ground.Fill(database, "streams.sql", ct);
        var (floors, latencies, few, many, slow) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        await using (var store = await Store.Open(database, EventCatalog.Types, StoreSettings.Default, ct))
        {
            for (var round = 0; round < Rounds; round++)
            {
                figures.Say($"append, round {round + 1} of {Rounds}");
                var floor = await Ground.Floor(connection, "append.sql", Seconds, ct);
                await Resume(database, ct);
                var one = await Load(store, database, callers: 32, Seconds, ct);
                var other = await Load(store, database, callers: 256, Seconds, ct);
                floors.Add(floor.Rate);
                latencies.Add(floor.Milliseconds);
                few.Add(one.Rate);
                slow.Add(one.P99);
                many.Add(other.Rate);
                figures.Say($"floor {floor.Rate:N0}/s {floor.Milliseconds:N2} ms; 32 callers {one.Rate:N0}/s p99 {one.P99:N1} ms; 256 callers {other.Rate:N0}/s p99 {other.P99:N1} ms");
            }
        }

        await ground.Drop(database, ct);
        var rate = Figures.Median(floors);
        figures.Add("append32_vs_floor", Figures.Median(few) / rate, "≥ 1.3", $"{Figures.Median(few):N0}/s against {rate:N0}/s");
        figures.Add("append256_vs_floor", Figures.Median(many) / rate, "≥ 2.5", $"{Figures.Median(many):N0}/s");
        figures.Add("append32_p99_vs_floor", Figures.Median(slow) / Figures.Median(latencies), "≤ 2", $"{Figures.Median(slow):N1} ms against {Figures.Median(latencies):N2} ms");
    }

    /// <summary>The floor wrote beside the lane; from here on the lane knows.</summary>
    public static Task Resume(NpgsqlDataSource database, CancellationToken ct) => Ground.Run(database, """
        update crm.lane set position = greatest(position, (select max(seq_id) from public.mt_events)), stamp = greatest(stamp, (select max(timestamp) from public.mt_events))
        """, ct);

    /// <summary>Appends for so long, each caller waiting for its answer; counted only if each acknowledged event is there.</summary>
    public static async Task<(double Rate, double P99)> Load(Store store, NpgsqlDataSource database, int callers, int seconds, CancellationToken ct)
    {
        var streams = await Known(database, ct);
        var share = Streams / callers;
        var before = await Ground.Ask<long>(database, "select count(*) from public.mt_events", ct);
        var clock = Stopwatch.StartNew();
        var waits = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var own = new List<double>(100_000);
            for (var i = 0; clock.Elapsed.TotalSeconds < seconds; i++)
            {
                var at = (caller * share) + (i % share);
                var (stream, version, last) = streams[at];
                var e = new NewEvent(Guid.CreateVersion7(), Fact, null, new Metadata("bench", "bench", RequestId: "bench", Source: "bench"));
                var begun = Stopwatch.GetTimestamp();
                await store.Append(new AppendRequest("main", [new StreamAppend(stream, "lead", version, [e], last)]), ct);
                own.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                streams[at] = (stream, version + 1, e.Id);
            }

            return own;
        }, ct)));
        var elapsed = clock.Elapsed.TotalSeconds;
        var acknowledged = waits.Sum(w => (long)w.Count);
        var there = await Ground.Ask<long>(database, "select count(*) from public.mt_events", ct) - before;
        return there == acknowledged
            ? (acknowledged / elapsed, Figures.Quantile(waits.SelectMany(w => w), 0.99))
            : throw new InvalidOperationException($"{acknowledged} appends were acknowledged, and {there} are there.");
    }

    private static async Task<(Guid Stream, long Version, Guid? Last)[]> Known(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select s.id, s.version, e.id from generate_series(1, $1) n join public.mt_streams s on s.tenant_id = 'main' and s.id = md5('bench ' || n)::uuid
            join public.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id and e.version = s.version
            """);
        command.Parameters.AddWithValue(Streams);
        var streams = new List<(Guid, long, Guid?)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            streams.Add((reader.GetGuid(0), reader.GetInt64(1), reader.GetGuid(2)));
        }

        return [.. streams];
    }
}
