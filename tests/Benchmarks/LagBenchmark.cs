using System.Diagnostics;
using Crm.EventStore;
using Crm.Projections;

namespace Crm.Benchmarks;

/// <summary>How long after its acknowledgement an event is in every read model, at half of the load that appends reach.</summary>
public static class LagBenchmark
{
    private const int Rounds = 3;
    private const int Seconds = 8;
    private const int Callers = 16;

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        var (database, connection) = await ground.NewDatabase(ct);
        await Ground.Fill(database, "streams.sql", ct);
        var lags = new List<double>();
        await using (var store = await Store.Open(database, EventCatalog.Types, StoreSettings.Default, ct))
        {
            var (full, _) = await AppendBenchmark.Load(store, database, callers: 32, Seconds, ct);
            await Ground.Run(database, "insert into public.mt_event_progression (name, last_seq_id) select n, (select position from crm.lane) from unnest(array["
                + string.Join(", ", Catalog.All.Select(m => $"'{m.Progress}'")) + "]) n", ct);
            await using var program = await ServedProgram.Start(connection, ct);
            figures.Say("the program warms up: its code is compiled as it is used");
            await P99(store, database, full / 2, ct);
            for (var round = 0; round < Rounds; round++)
            {
                figures.Say($"lag at {full / 2:N0} appends/s, round {round + 1} of {Rounds}");
                lags.Add(await P99(store, database, full / 2, ct));
                figures.Say($"p99 {lags[^1]:N1} ms");
            }
        }

        await ground.Drop(database, ct);
        figures.Add("lag_p99_ms", Figures.Median(lags), "< 100", "acknowledged → in all read models");
    }

    private static async Task<double> P99(Store store, Npgsql.NpgsqlDataSource database, double rate, CancellationToken ct)
    {
        var acknowledged = new System.Collections.Concurrent.ConcurrentQueue<(long Position, long At)>();
        var clock = Stopwatch.StartNew();
        long begun = 0;
        var writing = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed.TotalSeconds < Seconds)
            {
                // As many as should have begun by now, and no more.
                if (Interlocked.Increment(ref begun) > clock.Elapsed.TotalSeconds * rate)
                {
                    Interlocked.Decrement(ref begun);
                    await Task.Delay(1, ct);
                    continue;
                }

                var e = new NewEvent(Guid.CreateVersion7(), new Domain.Leads.LeadCaptured("bench", "Company"), null, new EventModel.Metadata("bench", Source: "bench"));
                var done = await store.Append(new AppendRequest("main", [new StreamAppend(Guid.CreateVersion7(), "lead", 0, [e])]), ct);
                acknowledged.Enqueue((done.Position, Stopwatch.GetTimestamp()));
            }
        }, ct)));

        var lags = new List<double>();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var look = new Npgsql.NpgsqlCommand("select min(last_seq_id) from public.mt_event_progression where name <> 'HighWaterMark'", connection);
        while (!writing.IsCompleted || !acknowledged.IsEmpty)
        {
            // Often enough to tell, seldom enough to leave the machine to what is measured.
            await Task.Delay(1, ct);
            var seen = (long)(await look.ExecuteScalarAsync(ct))!;
            var now = Stopwatch.GetTimestamp();
            while (acknowledged.TryPeek(out var first) && first.Position <= seen)
            {
                acknowledged.TryDequeue(out _);
                lags.Add(Stopwatch.GetElapsedTime(first.At, now).TotalMilliseconds);
            }
        }

        await writing;
        return lags.Count >= 0.95 * rate * Seconds
            ? Figures.Quantile(lags, 0.99)
            : throw new InvalidOperationException($"{lags.Count / (double)Seconds:N0} appends/s were reached, and {rate:N0} were meant.");
    }
}
