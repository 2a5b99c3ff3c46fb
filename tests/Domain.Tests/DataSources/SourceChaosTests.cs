using Crm.Domain.DataSources;
using Crm.Domain.Forecasting;

namespace Crm.Domain.Tests.DataSources;

/// <summary>A feed that dies, stammers, comes late and is wrong by a hundred times comes to what it would have been.</summary>
public sealed class SourceChaosTests
{
    private const int Days = 60;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SourceRegistered Registered = new("activity", new(SourceKind.Push, FreshMinutes: 2880), Start);

    [Fact]
    public void After_recovery_the_readings_in_use_are_those_of_a_feed_that_never_failed()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var (calm, storm) = (Take(Messages()), Take(Stormy(new Random(seed))));
            for (var hour = 1; hour <= 24 * Days; hour += 7)
            {
                var asOf = Start.AddDays(5).AddHours(hour);
                ReadingInUse.At(storm.Readings, asOf)!.Summary
                    .ShouldBe(ReadingInUse.At(calm.Readings, asOf)!.Summary, $"seed {seed}, {asOf:u}");
            }

            storm.Source.Outage.ShouldBeNull($"seed {seed}");
            (storm.Said.OfType<SourceFailed>().Count() - storm.Said.OfType<SourceRecovered>().Count()).ShouldBe(0, $"seed {seed}");
        }
    }

    [Fact]
    public void What_is_wrong_is_never_used()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var right = Messages().Select(one => ReadingCheck.HashOf(one.Values)).ToHashSet();
            Take(Stormy(new Random(seed))).Readings.Where(one => one.Outcome == ReadingOutcome.Good)
                .ShouldAllBe(one => right.Contains(one.Taken!.Summary.Hash));
        }
    }

    [Fact]
    public void Confidence_falls_to_nothing_at_twice_the_age_that_values_hold()
    {
        Use(48).ShouldBe((false, 1m));
        Use(60).ShouldBe((true, 0.75m));
        Use(96).ShouldBe((true, 0m));
        Use(500).ShouldBe((true, 0m));

        static (bool, decimal) Use(int hours) =>
            ReadingUse.Of("activity", Guid.Empty, "hash", Start, Start.AddHours(hours), TimeSpan.FromHours(48)) is var use
                ? (use.IsStale, use.Confidence) : default;
    }

    // Five quiet days, then each day is lost until later, said twice, cut short or a hundred times too much, and comes right in the end.
    private static IEnumerable<Message> Stormy(Random random)
    {
        var owed = new List<Message>();
        foreach (var message in Messages().SkipLast(1))
        {
            if (message.Day < 5)
            {
                yield return message;
                continue;
            }

            switch (random.Next(6))
            {
                case 0:
                    owed.Add(message);
                    break;
                case 1:
                    yield return message;
                    yield return message with { Key = $"{message.Key} again" };
                    yield return message;
                    break;
                case 2:
                    yield return message with
                    {
                        Key = $"{message.Key} wrong",
                        Values = message.Values.ToDictionary(one => one.Key, one => one.Value * 100)
                    };
                    owed.Add(message);
                    break;
                case 3:
                    yield return message with
                    {
                        Key = $"{message.Key} part",
                        Values = message.Values.Take(15).ToDictionary()
                    };
                    owed.Add(message);
                    break;
                case 4 when owed.Count > 0:
                    yield return message;
                    foreach (var late in owed.OrderBy(_ => random.Next()))
                    {
                        yield return late with { At = message.At.AddMinutes(5) };
                    }

                    owed.Clear();
                    break;
                default:
                    yield return message;
                    break;
            }
        }

        var end = Start.AddDays(Days);
        foreach (var late in owed.OrderBy(_ => random.Next()))
        {
            yield return late with { At = end };
        }

        yield return new(Days, Values(Days), end, $"{Days}");
    }

    private static IEnumerable<Message> Messages() => Enumerable.Range(0, Days + 1)
        .Select(day => new Message(day, Values(day), Start.AddDays(day), $"{day}"));

    private static IReadOnlyDictionary<Guid, decimal> Values(int day) =>
        Enumerable.Range(1, 40).ToDictionary(n => new Guid(n, 0, 0, new byte[8]), n => 10m + (n * 7 + day * 3) % 11);

    private static (DataSource Source, IReadOnlyList<SourceReadingState> Readings, IReadOnlyList<ISourceEvent> Said) Take(
        IEnumerable<Message> messages)
    {
        var source = DataSource.Evolve(DataSource.None, Registered);
        var (readings, said) = (new Dictionary<string, SourceReadingState>(), new List<ISourceEvent>());
        foreach (var message in messages)
        {
            var summary = ReadingCheck.Summary(message.Values, Start.AddDays(message.Day), unit: null);
            Say(new RingSource(message.At));
            if (readings.ContainsKey(message.Key))
                continue;

            var facts = Say(new HearReading(new Guid(readings.Count + 1, 1, 0, new byte[8]), summary, Outside: 0, message.At));
            if (facts.OfType<SourceHeard>().FirstOrDefault() is { } heard)
            {
                readings.Add(message.Key, SourceReadingState.Evolve(SourceReadingState.None, new SourceReadingTaken(
                    Guid.Empty, "activity", message.Key, summary, message.Values, heard.Outcome, heard.Marks, 2880, 0, "push")));
            }
        }

        return (source, [.. readings.Values], said);

        IReadOnlyList<ISourceEvent> Say(ISourceCommand command)
        {
            var facts = DataSourceDecider.Decide(source, command);
            source = facts.Aggregate(source, DataSource.Evolve);
            said.AddRange(facts);
            return facts;
        }
    }

    private sealed record Message(int Day, IReadOnlyDictionary<Guid, decimal> Values, DateTimeOffset At, string Key);
}
