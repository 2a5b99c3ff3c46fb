namespace Crm.Benchmarks;

/// <summary>
/// What it costs to know who asks, how much he has asked, and what he was answered: requests with an API key of a tenant whose requests are counted,
/// writes with an idempotency key each, against the same with the development key, not counted, without idempotency keys.
/// </summary>
public static class AccessBenchmark
{
    private const int Rounds = 3;
    private const int Seconds = 8;
    private const int Connections = 32;

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        var (database, connection) = await ground.NewDatabase(ct);
        var key = await ServedProgram.NewTenant(connection, "acme", ct);
        var (writes, reads) = (new List<Pair>(), new List<Pair>());

        // Counted, and never enough to be refused.
        await using (var program = await ServedProgram.Start(connection, ct, ("Crm__TenantRequestsPerSecond", "1000000"), ("Crm__KeyRequestsPerSecond", "1000000")))
        {
            await Both("warm", 0, Writes, isWriting: true);
            await Both("warm-reads", 0, Reads, isWriting: false);
            for (var round = 0; round < Rounds; round++)
            {
                figures.Say($"with and without identity and idempotency, round {round + 1} of {Rounds}");
                writes.Add(await Both($"w{round}", round, Writes, isWriting: true));
                reads.Add(await Both($"r{round}", round, Reads, isWriting: false));
                figures.Say($"writes {writes[^1]}; reads {reads[^1]}");
            }

            // Who begins changes from round to round: the database grows, and the machine is not always equally quick.
            async Task<Pair> Both(string name, int round, Func<Seller, Func<bool>, Task<long>> ask, bool isWriting)
            {
                var first = await Rate(round % 2 == 0);
                var second = await Rate(round % 2 == 1);
                return round % 2 == 0 ? new Pair(first, second) : new Pair(second, first);

                async Task<double> Rate(bool with)
                {
                    await program.Drained(ct);
                    var before = await Events();
                    var (done, rate) = await Callers.Rate(Connections, Seconds, async (c, isOn) =>
                    {
                        using var client = with ? new RawClient(program.Port, key) : new RawClient(program.Port);
                        return await ask(new Seller(client, $"{name}-{c}", repeatable: with), isOn);
                    });
                    var there = await Events() - before;
                    return !isWriting || there == done ? rate : throw new InvalidOperationException($"{done} writes were acknowledged, and {there} events are there.");
                }
            }
        }

        await ground.Drop(database, ct);
        Add("http_writes_with_vs_without", writes);
        Add("http_reads_with_vs_without", reads);

        Task<long> Events() => Ground.Ask<long>(database, "select count(*) from public.mt_events", ct);

        async Task<long> Writes(Seller seller, Func<bool> isOn)
        {
            long done = 0;
            for (; isOn(); done++)
            {
                await seller.Write(ct);
            }

            return done;
        }

        async Task<long> Reads(Seller seller, Func<bool> isOn)
        {
            // A lead and a deal, so that there is something to read.
            await seller.Write(ct);
            await seller.Write(ct);
            long done = 0;
            for (; isOn(); done++)
            {
                await seller.Read(ct);
            }

            return done;
        }

        void Add(string name, List<Pair> rates)
        {
            var median = new Pair(Figures.Median(rates.Select(r => r.With)), Figures.Median(rates.Select(r => r.Without)));
            figures.Add(name, median.With / median.Without, "≥ 0.75", $"{median}");
        }
    }

    private sealed record Pair(double With, double Without)
    {
        public override string ToString() => $"{With:N0}/s with, {Without:N0}/s without";
    }
}
