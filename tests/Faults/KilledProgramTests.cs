using System.Diagnostics;
using Crm.EventStore.Local;
using Npgsql;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Faults;

/// <summary>kill -9 of the program amid requests; its clients repeat what was not answered.</summary>
public sealed class KilledProgramTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Seed = 20261122;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"crm-killed-{Guid.NewGuid():N}");
    private LocalPostgres postgres = null!;
    private NpgsqlDataSource database = null!;
    private ServedProgram? program;

    public async Task InitializeAsync()
    {
        postgres = await LocalPostgres.Start(new LocalPostgresSettings(folder), say: null, default);
        database = NpgsqlDataSource.Create(postgres.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        if (program is not null)
        {
            await program.DisposeAsync();
        }

        await database.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_killed_program_keeps_what_it_answered_and_answers_the_rest_once()
    {
        var port = ServedProgram.FreePort();
        using var clients = new Salespeople(port, Seed);

        await WorkAndKill(clients, port, rounds: 3, beforeServing: () => Task.CompletedTask);

        var repeated = clients.Answered.Where(r => r.Repeated).ToList();
        output.WriteLine($"{clients.Answered.Count} requests answered, {repeated.Count} of them after a repeat");
        repeated.ShouldNotBeEmpty();
        (await Ledger.Breaches(database, clients.Answered)).ShouldBeEmpty();

        var sample = repeated.Concat(clients.Answered.Take(100)).ToList();
        foreach (var request in sample)
        {
            (await clients.Again(request)).ShouldBe((request.Status, request.Answer), request.Key);
        }

        (await Ledger.Breaches(database, clients.Answered)).ShouldBeEmpty("after repeats of what was answered");
    }

    [Fact]
    public async Task Without_the_memory_of_keys_the_ledger_finds_doubles()
    {
        var port = ServedProgram.FreePort();
        using var clients = new Salespeople(port, Seed);

        await WorkAndKill(clients, port, rounds: 2, beforeServing: ForgetKeys);

        var breaches = await Ledger.Breaches(database, clients.Answered);

        output.WriteLine($"{breaches.Count} breaches, such as {breaches[0]}");
        breaches.ShouldContain(b => b.Contains("twice"));
    }

    // The clients work; the program is killed among them and started again, round after round. Ends with the program serving and the read
    // models at the head.
    private async Task WorkAndKill(Salespeople clients, int port, int rounds, Func<Task> beforeServing)
    {
        output.WriteLine($"seed {Seed}");
        using var enough = new CancellationTokenSource();
        var work = clients.Work(enough.Token);
        for (var round = 1; round <= rounds; round++)
        {
            program = await ServedProgram.Start(folder, port);
            await beforeServing();
            var before = clients.Answered.Count;
            clients.Open();
            await Until("many requests are answered, and many wait", work, () => clients.Answered.Count > before + 300 && clients.InFlight >= 30);
            var waiting = clients.InFlight;
            await program.Kill();
            clients.Close();
            waiting.ShouldBeGreaterThanOrEqualTo(30);
            output.WriteLine($"round {round}: killed with {waiting} in flight, {clients.Answered.Count} answered");
        }

        program = await ServedProgram.Start(folder, port);
        await beforeServing();
        clients.Open();
        await enough.CancelAsync();
        await work.WaitAsync(Longest);
        for (var clock = Stopwatch.StartNew(); !await Ledger.AtHead(database);)
        {
            clock.Elapsed.ShouldBeLessThan(Longest, "until the read models reach the head");
        }
    }

    private static async Task Until(string claim, Task work, Func<bool> isSo)
    {
        for (var clock = Stopwatch.StartNew(); !isSo();)
        {
            clock.Elapsed.ShouldBeLessThan(Longest, $"until {claim}");
            if (await Task.WhenAny(work, Task.Delay(5)) == work)
            {
                await work;
            }
        }
    }

    // The same function, but no key is ever found and none is kept.
    private async Task ForgetKeys()
    {
        var function = (string)(await database.CreateCommand("select pg_get_functiondef('crm.append'::regproc)").ExecuteScalarAsync())!;
        var forgetful = function.Replace("where r.key is not null and x.tenant_id", "where false and x.tenant_id")
            .Replace("where a.outcome = 'A' and a.key is not null)", "where false)");
        forgetful.Split("where false").Length.ShouldBe(3, "the function is not written as this test knows it");
        await database.CreateCommand(forgetful).ExecuteNonQueryAsync();
    }
}
