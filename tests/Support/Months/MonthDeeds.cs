namespace Crm.Support.Months;

/// <summary>What somebody does. Of what is done at a moment, touches come first, then what makes room, then what asks for it.</summary>
public abstract record MonthDeed(int Turn);

public sealed record CaptureDeed(int Lead, string Source, string? Region, string? Campaign) : MonthDeed(2);

/// <param name="Rep">Who says so; null for the feed of the telephone system.</param>
/// <param name="Occurred">When it was, where it is said later.</param>
/// <param name="FollowsUp">Whether somebody of ours talked, rather than they looked at a page.</param>
public sealed record TouchDeed(int Lead, string? Rep, DateTime? Occurred = null, bool FollowsUp = true) : MonthDeed(0);

public sealed record DisqualifyDeed(int Lead, string Rep) : MonthDeed(1);

public sealed record QualifyDeed(int Lead, string Rep) : MonthDeed(1);

/// <summary>What held a lead back holds no more.</summary>
public sealed record VerifyDeed(int Lead) : MonthDeed(2);

public sealed record SuspendDeed(string Rep) : MonthDeed(1);

public sealed record HandOverDeed(string Rep, params string[] To) : MonthDeed(1);

public sealed record PublishDeed(MonthRules Rules) : MonthDeed(2);

/// <summary>What people mean to do, always the same for a seed.</summary>
public sealed class MonthPlan(int seed, int leads)
{
    private static readonly (DateTime From, DateTime To) Silence = (MonthDays.At(8, 9, 7), MonthDays.At(11, 9, 7));

    private static readonly string?[] Regions = ["East", "South", "North", "East", "South", "North", "East", "West", null];
    private static readonly string[] Sources = ["web", "web", "fair", "referral"];

    public IEnumerable<(DateTime At, MonthDeed Deed)> Given()
    {
        var random = new Random(seed);
        var arrivals = Enumerable.Range(0, leads).Select(_ => Arrival(random)).Order().ToList();
        for (var n = 0; n < leads; n++)
        {
            var isHeld = random.Next(20) == 0;
            yield return (arrivals[n], new CaptureDeed(n, One(random, Sources), One(random, Regions), isHeld ? MonthRules.HeldBack : null));
            if (isHeld && random.Next(2) == 0)
            {
                yield return (arrivals[n].AddHours(random.Next(1, 90)), new VerifyDeed(n));
            }

            if (random.Next(6) == 0)
            {
                yield return (arrivals[n].AddMinutes(random.Next(5, 5000)), new TouchDeed(n, Rep: null, FollowsUp: false));
            }
        }

        // On a Sunday: what is expected of his successors begins with the next workday, in whatever order they got what he had.
        yield return (MonthDays.At(13, 10, 33), new HandOverDeed("zhu", "yang", "qin"));
        yield return (MonthDays.At(11, 14, 21), new SuspendDeed("wu"));
        yield return (MonthDays.At(13, 11, 3), new PublishDeed(MonthRules.Second));
    }

    /// <summary>What comes of it that somebody has a lead.</summary>
    public IEnumerable<(DateTime At, MonthDeed Deed)> AfterAssignment(int lead, string rep, DateTime at, int often)
    {
        var random = new Random(HashOf(lead, often));
        switch (random.Next(100))
        {
            case < 50:
                var soon = OfficeHours.Usual.OpensAt(at.AddMinutes(random.Next(20, 400))).AddMinutes(random.Next(1, 90));
                return Call(random, lead, rep, soon);
            case < 65:
                // Late: by then another may have it.
                return [Fed(lead, at.AddMinutes(random.Next(1500, 4000)))];
            default:
                return [];
        }
    }

    /// <summary>What comes of a follow-up of whoever has it.</summary>
    public IEnumerable<(DateTime At, MonthDeed Deed)> AfterFollowUp(int lead, string rep, DateTime at, int often)
    {
        var random = new Random(HashOf(lead, 1000 + often));
        var later = OfficeHours.Usual.OpensAt(at.AddMinutes(random.Next(500, 6000))).AddMinutes(random.Next(1, 120));
        return random.Next(100) switch
        {
            < 30 => Call(random, lead, rep, later),
            < 55 => [(later, new DisqualifyDeed(lead, rep))],
            < 80 => [(later, new QualifyDeed(lead, rep))],
            _ => []
        };
    }

    private static IEnumerable<(DateTime At, MonthDeed Deed)> Call(Random random, int lead, string rep, DateTime at) =>
        random.Next(20) switch
        {
            < 8 => [Fed(lead, at)],
            < 12 => [(at.AddMinutes(random.Next(30, 600)), new TouchDeed(lead, rep, at.Minute()))],
            _ => [(at, new TouchDeed(lead, rep))]
        };

    // While the feed is dead nothing comes, and then all of it.
    private static (DateTime At, MonthDeed Deed) Fed(int lead, DateTime at) =>
        at >= Silence.From && at < Silence.To
            ? (Silence.To, new TouchDeed(lead, Rep: null, at.Minute()))
            : (at, new TouchDeed(lead, Rep: null));

    // Mostly in the day, sometimes at night; on days off, too.
    private static DateTime Arrival(Random random) =>
        MonthDays.At(random.Next(MonthDays.Count - 1), random.Next(8) == 0 ? random.Next(24) : random.Next(8, 21), random.Next(60));

    private int HashOf(int lead, int often) => ((seed * 31 + lead) * 4099) + often;

    private static T One<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
