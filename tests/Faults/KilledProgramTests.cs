using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F1, F2: kill -9 of the program amid requests, before and after its group was committed; its clients repeat what was not answered.</summary>
public sealed class KilledProgramTests(ITestOutputHelper output)
{
    private const int MostTries = 10;

    [Fact]
    public Task F1_killed_between_commit_and_answer_it_answers_once() => Killed("F1", Loss.Silence);

    [Fact]
    public Task F2_killed_before_the_commit_it_leaves_no_trace() => Killed("F2", Loss.CallInSilence);

    [Fact]
    public async Task F1_without_the_memory_of_keys_the_ledger_finds_doubles()
    {
        await using var office = await Office.Open(new Rounds(output, "F1 unguarded", 1).Seed, behindProxy: true, before: Guards.ForgetKeys);
        await KillWhen(office, Loss.Silence);
        await office.Start();

        // A repeated touch has the same id, so it does nothing; what gives it away is its position.
        await office.Red(output);
    }

    private async Task Killed(string row, Loss loss)
    {
        var rounds = new Rounds(output, row, inShort: 1);
        await using var office = await Office.Open(rounds.Seed, behindProxy: true);
        var answersWereLost = false;
        await rounds.Each(async (round, random) =>
        {
            answersWereLost |= loss == Loss.Silence && round % 2 == 0;
            var inFlight = round % 2 == 0 ? await KillWhen(office, loss) : await KillAnyTime(office, random);
            var answered = office.Clients.Answered.Count;
            await office.Start();
            await office.Clients.Until("the repeats are answered", () => office.Clients.Answered.Count > answered + 100);
            var seen = await office.Balance();
            await RepeatsGetTheFirstAnswer(office);
            return $"killed with {inFlight} in flight {(round % 2 == 0 ? $"({loss})" : "(at any time)")}; {seen}";
        });
        if (answersWereLost)
        {
            office.Clients.Answered.ShouldContain(r => r.Replayed, "nothing that was carried out was ever asked for again");
        }
    }

    // The proxy holds the answer of a group, or the group itself; nobody but a dead program can lose it now.
    private static async Task<int> KillWhen(Office office, Loss loss)
    {
        for (var tries = 1; ; tries++)
        {
            await office.Crowded();
            await office.Line!.Lose(loss).Soon();
            var inFlight = office.Clients.InFlight;
            await office.KillAndHear();
            if (loss != Loss.Silence || tries == MostTries || await office.HoldsUnanswered())
            {
                return inFlight;
            }

            // All that the group held was refused, as touches are that were decided on a lead which another had touched: nothing was
            // carried out.
            await office.Start();
        }
    }

    private static async Task<int> KillAnyTime(Office office, Random random)
    {
        var inFlight = await office.Crowded(answers: random.Next(20, 400));
        await office.Kill();
        return inFlight;
    }

    private static async Task RepeatsGetTheFirstAnswer(Office office)
    {
        foreach (var request in office.Clients.Answered.Where(r => r.Repeated).Take(30).Concat(office.Clients.Answered.Take(10)).ToList())
        {
            (await office.Clients.Again(request)).ShouldBe((request.Status, request.Answer), request.Key);
        }

        (await office.Breaches()).Where(b => b.Contains("twice", StringComparison.Ordinal)).ShouldBeEmpty("after repeats of what was answered");
    }
}
