using System.Diagnostics;

namespace Crm.Benchmarks;

/// <summary>
/// How long a quiet tenant waits for its answers, alone and beside a loud one, in turn. The loud one asks several times as much as it may and is refused
/// what is beyond; the quiet one keeps well within its share, pausing after each answer.
/// </summary>
public static class NeighbourBenchmark
{
    private const int Rounds = 5;
    private const int Seconds = 8;
    private const int Share = 200;                                              // requests a second that each tenant may send
    private const int LoudCallers = 32;
    private const int QuietCallers = 4;

    // At most: a caller asks again when it has its answer, and makes up for nothing. 160 requests a second, and four times the share.
    private static readonly TimeSpan QuietPace = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LoudPace = TimeSpan.FromMilliseconds(40);

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        var (database, connection) = await ground.NewDatabase(ct);
        var quiet = await ServedProgram.NewTenant(connection, "quiet", ct);
        var loud = await ServedProgram.NewTenant(connection, "loud", ct);
        var (alone, beside) = (new List<Waits>(), new List<Waits>());
        await using (var program = await ServedProgram.Start(connection, ct, ("Crm__TenantRequestsPerSecond", $"{Share}"), ("Crm__KeyRequestsPerSecond", $"{Share}")))
        {
            await Beside(program, quiet, loud, figures, ct);
            for (var round = 0; round < Rounds; round++)
            {
                figures.Say($"a quiet tenant and a loud one, round {round + 1} of {Rounds}");
                alone.Add(await Quiet(program, quiet, ct));
                beside.Add(await Beside(program, quiet, loud, figures, ct));
                figures.Say($"alone p50 {alone[^1].P50:N2} ms, p99 {alone[^1].P99:N2} ms; beside the loud one {beside[^1].P50:N2} ms, {beside[^1].P99:N2} ms");
            }
        }

        await ground.Drop(database, ct);
        Add("quiet_p50_beside_vs_alone", waits => waits.P50);
        Add("quiet_p99_beside_vs_alone", waits => waits.P99);

        void Add(string name, Func<Waits, double> of)
        {
            var (with, without) = (Figures.Median(beside.Select(of)), Figures.Median(alone.Select(of)));
            figures.Add(name, with / without, "≤ 1.2", $"{with:N2} ms beside the loud one, {without:N2} ms alone");
        }
    }

    /// <summary>The quiet one's waits while the loud one is being refused.</summary>
    private static async Task<Waits> Beside(ServedProgram program, string quiet, string loud, Figures figures, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var isRefused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answers = new Answers();
        var shouting = Shout(program, loud, answers, isRefused, end.Token);

        // What it had saved up is used first.
        var (waits, taken, refused) = (new Waits(0, 0), 0.0, 0.0);
        try
        {
            await Task.WhenAny(isRefused.Task, shouting);
            var before = answers.Now();
            waits = await Quiet(program, quiet, ct);
            (taken, refused) = answers.Since(before);
        }
        finally
        {
            await end.CancelAsync();
        }

        await shouting;
        figures.Say($"the loud one: {taken / Seconds:N0}/s answered, {refused / Seconds:N0}/s refused");
        return refused >= taken
            ? waits
            : throw new InvalidOperationException($"The loud one was to ask twice its share at least; {taken:N0} were answered and {refused:N0} refused.");
    }

    private static async Task<Waits> Quiet(ServedProgram program, string key, CancellationToken ct)
    {
        var waits = await Task.WhenAll(Enumerable.Range(0, QuietCallers).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(program.Port, key);
            var seller = new Seller(client, $"quiet-{Guid.NewGuid():N}", repeatable: true);
            var (clock, own) = (Stopwatch.StartNew(), new List<double>());
            for (var i = 0; clock.Elapsed.TotalSeconds < Seconds; i++)
            {
                var due = Task.Delay(QuietPace, ct);
                var begun = Stopwatch.GetTimestamp();
                await (i < 2 || i % 2 == 0 ? seller.Write(ct) : seller.Read(ct));
                own.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                await due;
            }

            return own;
        }, ct)));
        List<double> all = [.. waits.SelectMany(own => own)];
        return new Waits(Figures.Median(all), Figures.Quantile(all, 0.99));
    }

    // The one who is refused asks on as if nothing had been said.
    private static Task Shout(ServedProgram program, string key, Answers answers, TaskCompletionSource isRefused, CancellationToken end) =>
        Task.WhenAll(Enumerable.Range(0, LoudCallers).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(program.Port, key);
            while (!end.IsCancellationRequested)
            {
                var due = Task.Delay(LoudPace, CancellationToken.None);
                var (status, _, body) = await client.Say("POST", "/api/v1/leads", """{"source":"loud","company":"Loud"}""", "", CancellationToken.None);
                answers.Count(status, body);
                if (status == 429)
                {
                    isRefused.TrySetResult();
                }

                await due;
            }
        }, CancellationToken.None)));

    private sealed record Waits(double P50, double P99);

    private sealed class Answers
    {
        private long taken;
        private long refused;

        public void Count(int status, string body) => _ = status switch
        {
            >= 200 and < 300 => Interlocked.Increment(ref taken),
            429 => Interlocked.Increment(ref refused),
            _ => throw new InvalidOperationException($"{status}: {body}")
        };

        public (long Taken, long Refused) Now() => (Interlocked.Read(ref taken), Interlocked.Read(ref refused));

        public (double Taken, double Refused) Since((long Taken, long Refused) then) => (Now().Taken - then.Taken, Now().Refused - then.Refused);
    }
}
