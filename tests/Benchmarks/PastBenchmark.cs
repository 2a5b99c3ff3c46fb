using System.Diagnostics;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Benchmarks;

/// <summary>The pipeline read while others write, at a hundred thousand deals and at a million, now and as of any moment.</summary>
public static class PastBenchmark
{
    private const int Rounds = 3;
    private const int Seconds = 8;
    private const int Readers = 16;
    private const int Pairs = 200;
    private const int Seed = 20261122;

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        var (small, ratio) = await At(100_000, ReadWhileWriting);
        var (large, p95) = await At(1_000_000, AnyMoment);
        figures.Add("pipeline100k_vs_constant", ratio, "≥ 0.2", $"{Readers} readers, each showing the write just acknowledged, 100 writes/s");
        figures.Add("pipeline1m_vs_100k", large / small, "≤ 1.3", $"{large:N2} ms against {small:N2} ms, one reader");
        figures.Add("asof1m_p95_ms", p95, "< 100", $"{Pairs} pairs of asOf and knownAt, seed {Seed}");

        async Task<(double Latency, double Measured)> At(int deals, Func<ServedProgram, Figures, CancellationToken, Task<double>> measure)
        {
            figures.Say($"{deals:N0} deals of five versions are laid down");
            var (database, connection) = await ground.NewDatabase(ct);
            await Ground.Fill(database, "deals.sql", ct, ("deals", deals));
            await Ground.Run(database, "insert into public.mt_event_progression (name, last_seq_id) select n, (select position from crm.lane) from unnest(array["
                + string.Join(", ", Catalog.All.Select(m => $"'{m.Progress}'")) + "]) n", ct);
            var clock = Stopwatch.StartNew();
            await new Rebuild(database, Catalog.Pipeline, EventCatalog.Types).Run(Gear.FlatOut, null, ct);
            figures.Say($"pipeline rebuilt in {clock.Elapsed.TotalSeconds:N0} s");
            clock.Restart();
            await new Checkpoints(database, Catalog.Pipeline).CatchUp(ct);
            figures.Say($"blocks gathered in {clock.Elapsed.TotalSeconds:N0} s");
            await Ground.Tidy(database, Catalog.Pipeline, ct);
            double latency, measured;
            await using (var program = await ServedProgram.Start(connection, ct))
            {
                (latency, measured) = (await Latency(program, ct), await measure(program, figures, ct));
            }

            await ground.Drop(database, ct);
            return (latency, measured);
        }
    }

    // Each question is another, so that each answer is worked out.
    private static async Task<double> Latency(ServedProgram program, CancellationToken ct)
    {
        using var client = new RawClient(program.Port);
        var waits = new List<double>();
        for (var i = 0; i < 300; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await Read(client, $"/api/v1/pipeline?rep=rep{i % 40}&by={(i / 40 % 2 == 0 ? "team" : "region")}&product=product{i / 80}", "", ct);
            waits.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return Figures.Median(waits.Skip(100));
    }

    private static async Task<double> ReadWhileWriting(ServedProgram program, Figures figures, CancellationToken ct)
    {
        var (constants, pipelines) = (new List<double>(), new List<double>());
        using var writer = new RawClient(program.Port);
        for (var round = 0; round < Rounds; round++)
        {
            var token = "";
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var writing = Task.Run(async () =>
            {
                for (var i = 0; !end.IsCancellationRequested; i++)
                {
                    var due = Task.Delay(10, ct);
                    var (_, position, _) = await writer.Say("POST", "/api/v1/opportunities",
                        $$"""{"name":"Deal {{i}}","amount":{"amount":"1000.00","currency":"CNY"},"rep":"rep{{i % 40}}"}""", "", ct);
                    token = $"Crm-Min-Position: {position}\r\n";
                    await due;
                }
            }, ct);
            constants.Add(await Rate(program, "/health/live", () => "", ct));
            pipelines.Add(await Rate(program, "/api/v1/pipeline", () => Volatile.Read(ref token), ct));
            await end.CancelAsync();
            await writing;
            figures.Say($"constant {constants[^1]:N0}/s, pipeline {pipelines[^1]:N0}/s");
        }

        return Figures.Median(pipelines) / Figures.Median(constants);
    }

    private static async Task<double> Rate(ServedProgram program, string path, Func<string> headers, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(program.Port);
            long done = 0;
            for (; clock.Elapsed.TotalSeconds < Seconds; done++)
            {
                await Read(client, path, headers(), ct);
            }

            return done;
        }, ct)));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> AnyMoment(ServedProgram program, Figures figures, CancellationToken ct)
    {
        var random = new Random(Seed);
        using var client = new RawClient(program.Port);
        var medians = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var waits = new List<double>();
            for (var i = 0; i < Pairs; i++)
            {
                var (asOf, knownAt) = (Moment(), Moment());
                var begun = Stopwatch.GetTimestamp();
                await Read(client, $"/api/v1/pipeline?asOf={asOf}&knownAt={knownAt}", "", ct);
                waits.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            medians.Add(Figures.Quantile(waits, 0.95));
            figures.Say($"as of any moment: p50 {Figures.Median(waits):N1} ms, p95 {medians[^1]:N1} ms, slowest {waits.Max():N1} ms");
        }

        return Figures.Median(medians);

        string Moment() => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(0, 60_000_000)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task Read(RawClient client, string path, string headers, CancellationToken ct)
    {
        var (status, _, body) = await client.Say("GET", path, null, headers, ct);
        if (status != 200)
        {
            throw new InvalidOperationException($"{path}: {status} {body}");
        }
    }
}
