using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F4, F8, F9: between a program that lives and a PostgreSQL that lives, answers, calls and connections get lost.</summary>
public sealed class BrokenLineTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    private static readonly Loss[] LostAnswers = [Loss.Answer, Loss.AnswerByReset, Loss.Silence];

    [Fact]
    public async Task F4_what_was_committed_and_never_answered_is_answered_once()
    {
        var rounds = new Rounds(output, "F4", inShort: 1);
        await using var office = await Office.Open(rounds.Seed, behindProxy: true);
        await rounds.Each(async (round, _) =>
        {
            var loss = LostAnswers[round % LostAnswers.Length];
            var inFlight = await office.Crowded();
            await office.Line!.Lose(loss).Soon();
            return $"{loss} with {inFlight} in flight; {await Healed(office)}";
        });
    }

    [Fact]
    public async Task F8_lines_that_are_cut_frozen_or_slow_cost_time_and_nothing_else()
    {
        var rounds = new Rounds(output, "F8", inShort: 2);
        await using var office = await Office.Open(rounds.Seed, behindProxy: true);
        (string Name, Func<Proxy, Random, Task> Do)[] faults =
        [
            ("call lost", (line, _) => line.Lose(Loss.Call).Soon()),
            ("cut amid a call", (line, _) => line.Lose(Loss.MidCall).Soon()),
            ("call lost in silence", (line, _) => line.Lose(Loss.CallInSilence).Soon()),
            ("every line reset", (line, _) => Task.FromResult(line.Reset())),
            ("nothing passes", async (line, random) =>
            {
                line.Freeze();
                await Task.Delay(random.Next(100, 3000));
                line.Thaw();
            }),
            ("byte by byte", async (line, random) =>
            {
                line.Mouthful = 1;
                await Task.Delay(random.Next(100, 1000));
                line.Mouthful = int.MaxValue;
            })
        ];
        await rounds.Each(async (round, random) =>
        {
            var (name, happen) = faults[round % faults.Length];
            var inFlight = await office.Crowded();
            await happen(office.Line!, random);
            return $"{name} with {inFlight} in flight; {await Healed(office)}";
        });
    }

    [Fact]
    public async Task F9_backends_that_are_terminated_or_cancelled_at_any_moment_lose_and_double_nothing()
    {
        var rounds = new Rounds(output, "F9", inShort: 1);
        await using var office = await Office.Open(rounds.Seed);
        await rounds.Each(async (_, random) =>
        {
            var inFlight = await office.Crowded();
            var hit = 0L;
            for (var i = 0; i < 6; i++)
            {
                hit += await office.Ask<long>($"""
                    select count(case when random() < 0.5 then pg_terminate_backend(pid) else pg_cancel_backend(pid) end)
                    from pg_stat_activity where datname = current_database() and application_name = 'node 0' and random() < {random.NextDouble():0.00}
                    """);
                await Task.Delay(random.Next(1, 200));
            }

            return $"{hit} backends hit with {inFlight} in flight; {await Healed(office)}";
        });
    }

    [Fact]
    public async Task F4_without_the_memory_of_keys_the_ledger_finds_doubles()
    {
        await using var office = await Office.Open(new Rounds(output, "F4 unguarded", 1).Seed, behindProxy: true, before: Guards.ForgetKeys);

        // What was lost may have been refusals alone: then there is nothing to be said twice.
        await office.Red(output, async () =>
        {
            await office.Crowded();
            await office.Line!.Lose(Loss.Silence).Soon();
        });
    }

    private static async Task<string> Healed(Office office)
    {
        var answered = office.Clients.Answered.Count;
        var took = await office.Clients.Until("answers come again", () => office.Clients.Answered.Count >= answered + 40, Soon);
        return $"whole again after {took.TotalSeconds:0.0} s; {await office.Balance()}";
    }
}
