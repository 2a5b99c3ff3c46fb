using System.Diagnostics;

namespace Crm.Benchmarks;

/// <summary>Leads and stage changes through Kestrel on 32 connections, each with an idempotency key, followers running; against the append floor.</summary>
public static class HttpBenchmark
{
    private const int Rounds = 3;
    private const int Seconds = 10;
    private const int Connections = 32;

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        var (floors, rates) = (new List<double>(), new List<double>());
        var drained = true;
        var (plain, plainConnection) = await ground.NewDatabase(ct);
        await Ground.Fill(plain, "streams.sql", ct);
        var (database, connection) = await ground.NewDatabase(ct);
        await using (var program = await ServedProgram.Start(connection, ct))
        {
            await Load(program, 3, "warm", ct);
            for (var round = 0; round < Rounds; round++)
            {
                figures.Say($"http, round {round + 1} of {Rounds}");
                floors.Add((await Ground.Floor(plainConnection, "append.sql", Seconds, ct)).Rate);
                var before = await Ground.Ask<long>(database, "select count(*) from public.mt_events", ct);
                var (acknowledged, rate) = await Load(program, Seconds, $"round{round}", ct);
                drained &= await Drains(program, ct);
                var there = await Ground.Ask<long>(database, "select count(*) from public.mt_events", ct) - before;
                if (there != acknowledged)
                {
                    throw new InvalidOperationException($"{acknowledged} requests were acknowledged, and {there} events are there.");
                }

                rates.Add(rate);
                figures.Say($"floor {floors[^1]:N0}/s; http {rate:N0}/s; followers {(drained ? "drained within a second" : "did not drain within a second")}");
            }
        }

        await ground.Drop(database, ct);
        await ground.Drop(plain, ct);
        figures.Add("http_vs_floor", drained ? Figures.Median(rates) / Figures.Median(floors) : null, "≥ 0.35", $"{Figures.Median(rates):N0}/s against {Figures.Median(floors):N0}/s");
    }

    private static Task<(long Done, double Rate)> Load(ServedProgram program, int seconds, string name, CancellationToken ct) =>
        Callers.Rate(Connections, seconds, async (c, isOn) =>
        {
            using var client = new RawClient(program.Port);
            var seller = new Seller(client, $"{name}-{c}", repeatable: true);
            long done = 0;
            for (; isOn(); done++)
            {
                await seller.Write(ct);
            }

            return done;
        });

    private static async Task<bool> Drains(ServedProgram program, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var inTime = false;
        while (!inTime && clock.Elapsed.TotalSeconds < 1)
        {
            inTime = await program.IsReady(ct);
        }

        await program.Drained(ct);
        return inTime;
    }
}
