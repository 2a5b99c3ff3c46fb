namespace Crm.Api.Tests.Quarters;

internal sealed record PlainDeal(int Number, string Rep, string Region, decimal Amount, DateTimeOffset Opened)
{
    /// <summary>When it came to each stage that it was in.</summary>
    public List<DateTimeOffset> Entered { get; } = [Opened];

    /// <summary>What was done about it, when, and in which stage.</summary>
    public List<(int Stage, DateTimeOffset At)> Done { get; } = [];

    /// <summary>When it left the last of them; null while it is in it.</summary>
    public DateTimeOffset? Ended { get; set; }

    public bool IsWon { get; set; }

    public DateTimeOffset? LeftAt(int stage) => stage + 1 < Entered.Count ? Entered[stage + 1] : stage < Entered.Count ? Ended : null;
}

/// <param name="What"><c>open</c>, <c>do</c>, <c>try</c>, <c>move</c>, <c>win</c> or <c>lose</c>.</param>
/// <param name="Stage">Where the deal is, by number.</param>
/// <param name="Missing">Of a try: what it lacks, in the order in which it is asked for.</param>
internal sealed record Act(PlainDeal Deal, DateTimeOffset At, string What, int Stage, Duty? Duty = null, string[]? Missing = null);

/// <summary>
/// A quarter of a made-up company, thought out beforehand: for a month everybody moves deals as he likes, then gates are in force. Whoever came to
/// his stage before that is not asked for what it asks of those who leave it.
/// </summary>
internal sealed class PlainQuarter
{
    public const int Days = 91;
    public const int GatesFrom = 30;

    private readonly Random dice;

    public PlainQuarter(int seed, QuarterRoad road, int reps, int deals, DateTimeOffset first)
    {
        (dice, Road, First) = (new(seed), road, first);
        for (var i = 0; i < deals; i++)
        {
            var deal = new PlainDeal(
                i, $"rep{i % reps:000}", road.Regions[i % reps % road.Regions.Length], dice.Next(1, 200) * 1_000m, Minute(first, first.AddDays(Days - 10)));
            Deals.Add(deal);
            Live(deal);
        }
    }

    public QuarterRoad Road { get; }

    public DateTimeOffset First { get; }

    public DateTimeOffset Gates => First.AddDays(GatesFrom);

    public DateTimeOffset End => First.AddDays(Days);

    public List<PlainDeal> Deals { get; } = [];

    public List<Act> Acts { get; } = [];

    private void Live(PlainDeal deal)
    {
        Acts.Add(new(deal, deal.Opened, "open", 0));
        for (var (number, hasDay) = (0, false); number < Road.Stages.Length; number++)
        {
            var (stage, entered) = (Road.Stages[number], deal.Entered[number]);
            var days = entered < Gates ? stage.Before : stage.Since;
            var leaves = Minute(entered.AddDays(days * 0.5), entered.AddDays(days * 1.5));
            var isLost = dice.NextDouble() < stage.Lost;

            // What it would lack on its way, at a moment.
            Duty[] Asked(DateTimeOffset at) =>
            [
                .. entered >= Gates ? stage.Exit : [],
                .. at < Gates ? [] : Road.Next(number) is { } next ? Road.Stages[next].Entry.Where(duty => duty.Kind != "day" || !hasDay) : Road.Win
            ];

            var duties = Asked(leaves).Where(duty => duty.Kind != "reference").Select(duty => (Duty: duty, At: Minute(entered, leaves))).ToList();
            Acts.AddRange(duties.Where(one => one.At < End).Select(one => new Act(deal, one.At, "do", number, one.Duty)));
            deal.Done.AddRange(duties.Select(one => (number, one.At)));
            for (var tries = dice.Next(3); tries > 0; tries--)
            {
                var at = Minute(entered, leaves);
                string[] missing = [.. Asked(at).Where(duty => !duties.Exists(one => one.Duty == duty && one.At <= at)).Select(duty => duty.Key)];
                if (missing.Length > 0 && at < End)
                {
                    Acts.Add(new(deal, at, "try", number, Missing: missing));
                }
            }

            if (leaves >= End)
            {
                return;
            }

            hasDay |= duties.Exists(one => one.Duty.Kind == "day");
            if (isLost || Road.Next(number) is null)
            {
                (deal.Ended, deal.IsWon) = (leaves, !isLost);
                Acts.Add(new(deal, leaves, isLost ? "lose" : "win", number));
                return;
            }

            Acts.Add(new(deal, leaves, "move", number));
            deal.Entered.Add(leaves);
        }
    }

    // No two acts of a deal at one minute: a second apart for each.
    private DateTimeOffset Minute(DateTimeOffset from, DateTimeOffset to) =>
        from.AddSeconds(1 + Math.Floor(dice.NextDouble() * ((to - from).TotalSeconds - 1)));
}
