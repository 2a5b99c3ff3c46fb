using System.Diagnostics;
using Crm.EventStore;
using Crm.Projections;

namespace Crm.Benchmarks;

/// <summary>Whether appends and reads of a stream slow down as the store grows, from a hundred thousand events to ten million.</summary>
public static class GrowthBenchmark
{
    private const int Rounds = 3;
    private const int Seconds = 8;

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        var (small, _) = await ground.NewDatabase(ct);
        await Ground.Fill(small, "streams.sql", ct);
        figures.Say("ten million events are laid down");
        var (large, _) = await ground.NewDatabase(ct);
        await Ground.Fill(large, "streams.sql", ct);
        await Ground.Fill(large, "many.sql", ct);

        var (appends, reads) = (new List<double>(), new List<double>());
        await using (var few = await Store.Open(small, EventCatalog.Types, StoreSettings.Default, ct))
        await using (var many = await Store.Open(large, EventCatalog.Types, StoreSettings.Default, ct))
        {
            for (var round = 0; round < Rounds; round++)
            {
                var (one, other) = (await AppendBenchmark.Load(few, small, 32, Seconds, ct), await AppendBenchmark.Load(many, large, 32, Seconds, ct));
                var (read, reread) = (await Reads(few, ct), await Reads(many, ct));
                appends.Add(other.Rate / one.Rate);
                reads.Add(reread / read);
                figures.Say($"round {round + 1}: appends {one.Rate:N0}/s and {other.Rate:N0}/s, reads {read:N0}/s and {reread:N0}/s");
            }
        }

        await ground.Drop(small, ct);
        await ground.Drop(large, ct);
        figures.Add("growth_append", Figures.Median(appends), "≥ 0.8", "rate at 10,000,000 events / at 100,000");
        figures.Add("growth_read", Figures.Median(reads), "≥ 0.8", "streams read a second, eight readers");
    }

    private static async Task<double> Reads(Store store, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(reader => Task.Run(async () =>
        {
            var random = new Random(reader);
            long done = 0;
            for (; clock.Elapsed.TotalSeconds < Seconds; done++)
            {
                var name = System.Security.Cryptography.MD5.HashData(System.Text.Encoding.ASCII.GetBytes($"bench {random.Next(1, 100_001)}"));
                await store.ReadStream("main", new Guid(name, bigEndian: true), null, ct);
            }

            return done;
        }, ct)));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }
}
