using System.Diagnostics;
using System.Globalization;
using Crm.Projections;
using Npgsql;

namespace Crm.Benchmarks;

/// <summary>A customer with ten thousand events in the round, among ten thousand others, now and as of any moment.</summary>
public static class OverviewBenchmark
{
    private const int Customers = 10_000;
    private const int Contacts = 50;
    private const int Rounds = 3;
    private const int Questions = 100;
    private const int Seed = 20261123;

    // What the answer is made of, and no more: the opportunities, and the touches on them.
    private const string Deals =
        "select o.opportunity_id from crm.opportunity_list o where o.tenant_id = 'main' and o.customer_id = md5('customer 0')::uuid";

    private const string Floor = $"""
        select * from crm.opportunity_list o where o.opportunity_id = any(array({Deals})) and o.tenant_id = 'main';
        select * from crm.activity_history h where h.tenant_id = 'main' and h.to_position is null and h.record_id = any(array({Deals}))
        order by h.at desc limit 20
        """;

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        figures.Say($"{Customers:N0} customers are laid down, and one with ten thousand events");
        var (database, connection) = await ground.NewDatabase(ct);
        await Ground.Fill(database, "customers.sql", ct, ("customers", Customers));
        await using (var program = await ServedProgram.Start(connection, ct))
        {
            var customer = await Ground.Ask<Guid>(database, "select md5('customer 0')::uuid", ct);
            var events = await Ground.Ask<long>(database, $"select count(*) from public.mt_events e where e.stream_id in ({Deals})", ct);
            using var client = new RawClient(program.Port);
            for (var i = 0; i < Contacts; i++)
            {
                await client.Say("POST", "/api/v1/contacts",
                    $$"""{"customerId":"{{customer}}","name":"Contact {{i}}","buyingRole":"user"}""", "", ct);
            }

            while (!await program.IsReady(ct))
            {
                await Task.Delay(100, ct);
            }

            await Ground.Tidy(database, Catalog.Opportunities, ct);
            await Ground.Tidy(database, Catalog.Activity, ct);

            var random = new Random(Seed);
            List<double> floors = [], now = [], past = [];
            for (var round = 0; round <= Rounds; round++)
            {
                var floor = await Waits(() => Plain(database, ct));
                var overview = await Waits(() => Read(client, $"/api/v1/customers/{customer}/overview", ct));
                var earlier = await Waits(() =>
                    Read(client, $"/api/v1/customers/{customer}/overview?asOf={Moment(random)}&knownAt={Moment(random)}", ct));
                figures.Say($"of {events:N0} events, in ms: plain {Figures.Median(floor):N1}; now {Told(overview)}; past {Told(earlier)}");
                if (round > 0)
                {
                    floors.Add(Figures.Median(floor));
                    now.Add(Figures.Quantile(overview, 0.95));
                    past.Add(Figures.Quantile(earlier, 0.95));
                }
            }

            figures.Add("overview_p95_ms", Figures.Median(now), "< 100", $"one reader, {Questions} questions, {Rounds} rounds");
            figures.Add("overview_past_p95_ms", Figures.Median(past), "< 200", $"pairs of asOf and knownAt, seed {Seed}");
            figures.Add("overview_vs_plain", Figures.Median(now) / Figures.Median(floors), "≤ 10",
                "p95 against the median of a plain read of opportunities and newest touches");
        }

        await ground.Drop(database, ct);
    }

    private static string Told(List<double> waits) => $"p50 {Figures.Median(waits):N1}, p95 {Figures.Quantile(waits, 0.95):N1}";

    private static async Task<List<double>> Waits(Func<Task> ask)
    {
        var waits = new List<double>();
        for (var i = 0; i < Questions; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await ask();
            waits.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return waits;
    }

    private static async Task Plain(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Floor);
        await using var reader = await command.ExecuteReaderAsync(ct);
        do
        {
            while (await reader.ReadAsync(ct))
            {
                reader.GetValue(0);
            }
        }
        while (await reader.NextResultAsync(ct));
    }

    // Of a moment at which the customer was not known there is nothing to show.
    private static async Task Read(RawClient client, string path, CancellationToken ct)
    {
        var (status, _, body) = await client.Say("GET", path, null, "", ct);
        if (status is not (200 or 404))
        {
            throw new InvalidOperationException($"{path}: {status} {body}");
        }
    }

    private static string Moment(Random random) =>
        new DateTimeOffset(2024, 6, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(0, 45_000_000))
        .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
