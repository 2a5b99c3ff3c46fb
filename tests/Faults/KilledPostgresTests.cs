using System.Collections.Concurrent;
using System.Diagnostics;
using Crm.EventStore.Local;
using Crm.EventStore.Tests.Local;
using Xunit.Abstractions;

namespace Crm.EventStore.Tests.Faults;

/// <summary>kill -9 of PostgreSQL amid appends, on a cluster of the test's own.</summary>
public sealed class KilledPostgresTests(ITestOutputHelper output) : LocalTests
{
    private const int Seed = 20261122;
    private const int Writers = 40;

    private readonly ConcurrentDictionary<string, Appended> answers = [];
    private readonly ConcurrentDictionary<string, bool> unknown = [];
    private int inFlight;

    [Fact]
    public async Task A_killed_PostgreSQL_has_all_it_answered_and_answers_the_rest_once()
    {
        output.WriteLine($"seed {Seed}");
        var server = await Start();
        var crm = await CupStore.On(server.ConnectionString, patience: TimeSpan.FromMilliseconds(300));
        var follower = AtWork.Follower(server.ConnectionString, pageSize: 50);
        await crm.Run("alter system set max_prepared_transactions = 5");        // in force from the next start
        using var enough = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(crm, writer, enough.Token))));

        var servers = new List<LocalPostgres> { server };
        for (var round = 1; round <= 2; round++)
        {
            var before = answers.Count;
            await Patience.Until("many are answered, and many wait", () => Task.FromResult(answers.Count > before + 200 && inFlight >= 30));
            var waiting = Volatile.Read(ref inFlight);
            Process.GetProcessById(PidOfThePostmaster()).Kill();
            waiting.ShouldBeGreaterThanOrEqualTo(30);
            output.WriteLine($"round {round}: killed with {waiting} in flight, {answers.Count} answered");
            servers.Add(await Start());
        }

        var atLast = answers.Count;
        await Patience.Until("appends go on", () => Task.FromResult(answers.Count > atLast + 100));
        await enough.CancelAsync();
        await writing.Soon();
        crm.Database.Clear();

        output.WriteLine($"{answers.Count} answered, {unknown.Count} unknown at first, {unknown.Keys.Count(k => answers[k].Replayed)} of them had been carried out");
        unknown.ShouldNotBeEmpty();
        await EachAnswerIsThereOnce(crm);
        await crm.CheckAll();
        output.WriteLine($"numbers lost: {await crm.Ask<long>("select max(seq_id) - count(*) from mt_events")}");
        await APreparedTransactionHoldsNobodyUp(crm);

        await crm.DisposeAsync();
        await follower.DisposeAsync();
        foreach (var each in servers)
        {
            await each.DisposeAsync();
        }
    }

    // A new cup, or a new price for the writer's last one; what is not answered is sent again under its key, as a new request with new ids.
    private async Task Write(CupStore crm, int writer, CancellationToken enough)
    {
        var random = new Random(Seed + writer);
        var (cup, version) = (Guid.Empty, 0L);
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var key = $"{writer}.{i}";
            var orders = version == 0 || random.Next(3) == 0;
            var answer = await Persist(crm, key, () => orders
                ? CupStore.Ordering(Guid.CreateVersion7(), key, key)
                : CupStore.To(cup, version, new CupRepriced(random.Next(900) / 100m)) with { Key = new IdempotencyKey("rep-1 POST /price", key, [2]) });
            (cup, version) = answer.Streams.Single();
        }
    }

    private async Task<Appended> Persist(CupStore crm, string key, Func<AppendRequest> request)
    {
        while (true)
        {
            Interlocked.Increment(ref inFlight);
            try
            {
                return answers[key] = await crm.Append(request());
            }
            catch (StoreUnavailable)
            {
                unknown[key] = true;
            }
            finally
            {
                Interlocked.Decrement(ref inFlight);
            }
        }
    }

    private async Task EachAnswerIsThereOnce(CupStore crm)
    {
        var kept = new Dictionary<(Guid, long), long>();
        await using var command = crm.Database.CreateCommand("select stream_id, version, seq_id from mt_events");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            kept.Add((reader.GetGuid(0), reader.GetInt64(1)), reader.GetInt64(2));
        }

        foreach (var (key, answer) in answers)
        {
            kept.Remove(answer.Streams.Single(), out var position).ShouldBeTrue($"{key} was answered and is not there");
            position.ShouldBe(answer.Position, key);
        }

        kept.ShouldBeEmpty("nobody was told of these");
    }

    private async Task APreparedTransactionHoldsNobodyUp(CupStore crm)
    {
        await crm.Run("begin; create table z (n int); select nextval('mt_events_sequence'); prepare transaction 'left behind'");
        await crm.Order(cups: 50);
        var took = await crm.CaughtUp(TimeSpan.FromSeconds(2));
        output.WriteLine($"reached the head beside a prepared transaction in {took.TotalMilliseconds:0} ms");
        await crm.Run("rollback prepared 'left behind'");
    }
}
