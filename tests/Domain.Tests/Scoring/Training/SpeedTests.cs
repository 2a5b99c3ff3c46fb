using System.Diagnostics;
using Crm.Domain.Scoring.Training;
using Xunit.Abstractions;

namespace Crm.Domain.Tests.Scoring.Training;

public sealed class SpeedTests(ITestOutputHelper output)
{
    // More, such as 100000, when SCORING_LEADS says so.
    private static readonly int Leads = int.TryParse(Environment.GetEnvironmentVariable("SCORING_LEADS"), out var given) ? given : 10_000;

    // Some ten times what it takes alone, since others may be at work on the machine; the page on scoring has the figures.
    private static readonly TimeSpan Most = Leads <= 10_000 ? TimeSpan.FromSeconds(60) : TimeSpan.FromSeconds(120);

    [Fact]
    public void Thirty_columns_are_learned_from_while_one_waits()
    {
        var table = MadeUpLeads.Machines(Leads, seed: 6).Table;
        var chance = new Random(6);
        var more = Enumerable.Range(0, 20)
            .Select(k => new ExampleColumn($"more {k}", [.. table.Outcomes.Select(won => More(chance, k, won))]));
        table = table with { Columns = [.. table.Columns, .. more] };

        var began = Stopwatch.GetTimestamp();
        var card = ScoreTraining.Train(table, new() { MissingMarkers = ["n/a"] }).Card;
        var took = Stopwatch.GetElapsedTime(began);

        output.WriteLine($"{Leads} x {table.Columns.Count}: {took.TotalSeconds:0.0} s, {card.Together}");
        took.ShouldBeLessThan(Most);
    }

    private static string More(Random chance, int k, bool won) =>
        k % 2 == 0 ? $"{chance.Next(1, 100 * (k + 1))}" : $"value {chance.Next(k + 2) + (won && chance.Next(5) == 0 ? 1 : 0)}";
}
