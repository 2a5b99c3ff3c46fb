using Crm.EventModel;

namespace Crm.EventStore.Tests;

/// <summary>Cups to which things happen at random, the same for the same seed: out of order, corrected, spilt and ordered again.</summary>
public sealed class RandomCups(Store store, int seed, int cups, TimeSpan spread)
{
    public static readonly DateTimeOffset Monday = new(2026, 11, 16, 9, 0, 0, TimeSpan.Zero);

    private readonly Random random = new(seed);
    private readonly List<(Guid Id, List<Guid> Events)> streams = [.. Enumerable.Range(0, cups).Select(_ => (Guid.CreateVersion7(), new List<Guid>()))];

    /// <summary>Any moment between before the first and after the last fact.</summary>
    public DateTimeOffset Moment() => Monday.AddMinutes(random.Next(-100, (int)spread.TotalMinutes + 100));

    public async Task Happen(int facts)
    {
        for (var i = 0; i < facts; i++)
        {
            var (id, events) = streams[random.Next(streams.Count)];
            object fact = random.Next(10) switch
            {
                0 or 1 => new CupOrdered(random.Next(2) == 0 ? "tea" : "mocha", random.Next(900) / 100m, ["milk"]),
                2 or 3 or 4 => new CupRepriced(random.Next(900) / 100m),
                5 or 6 => new CupDrunk(),
                7 => new CupSpilt(),
                _ => new PriceCorrected(events.Count > 0 ? events[random.Next(events.Count)] : id, random.Next(900) / 100m)
            };
            var e = new NewEvent(Guid.CreateVersion7(), fact, Monday.AddMinutes(random.Next(0, (int)spread.TotalMinutes)), new Metadata());
            await store.Append(new AppendRequest("acme", [new StreamAppend(id, "cup", events.Count, [e])]), default);
            events.Add(e.Id);
        }
    }
}
