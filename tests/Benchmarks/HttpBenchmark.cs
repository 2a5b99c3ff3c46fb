using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Crm.Benchmarks;

/// <summary>Leads and stage changes through Kestrel on 32 connections, each with an idempotency key, followers running; against the append floor.</summary>
public static partial class HttpBenchmark
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

    private static async Task<(long Acknowledged, double Rate)> Load(ServedProgram program, int seconds, string name, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(c => Task.Run(async () =>
        {
            using var client = new RawClient(program.Port);
            var deal = Guid.Empty;
            long done = 0;
            for (var i = 0; clock.Elapsed.TotalSeconds < seconds; i++, done++)
            {
                var key = $"Idempotency-Key: {name}-{c}-{i}\r\n";
                var (status, _, body) = (i % 2, deal) switch
                {
                    (0, _) => await client.Say("POST", "/api/v1/leads",
                        $$"""{"source":"bench","company":"Company {{c}} {{i}}","region":"East","industry":"instruments","campaign":"spring fair","product":"Spectro S5"}""", key, ct),
                    (_, { } none) when none == Guid.Empty => await client.Say("POST", "/api/v1/opportunities",
                        $$"""{"name":"Deal {{c}} {{i}}","amount":{"amount":"1000.00","currency":"CNY"},"rep":"rep{{c}}","region":"East","product":"Spectro S5"}""", key, ct),
                    _ => await client.Say("POST", $"/api/v1/opportunities/{deal}/stage", $$"""{"stage":"{{(i % 4 == 1 ? "Engaging" : "Proposal")}}"}""", key, ct)
                };
                if (status is < 200 or > 299)
                {
                    throw new InvalidOperationException($"{status}: {body}");
                }

                // A new deal each hundred requests, so that streams stay as long as streams are.
                deal = i % 100 == 99 ? Guid.Empty : i % 2 == 1 && deal == Guid.Empty ? Guid.Parse(Id().Match(body).Groups[1].Value) : deal;
            }

            return done;
        }, ct)));
        return (counts.Sum(), counts.Sum() / clock.Elapsed.TotalSeconds);
    }

    private static async Task<bool> Drains(ServedProgram program, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var inTime = false;
        while (!inTime && clock.Elapsed.TotalSeconds < 1)
        {
            inTime = await program.IsReady(ct);
        }

        while (!await program.IsReady(ct))
        {
            await Task.Delay(50, ct);
        }

        return inTime;
    }

    [GeneratedRegex("\"id\":\"([^\"]+)\"")]
    private static partial Regex Id();
}
