using Crm.Domain.Forecasting;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Tests.Forecasting;

/// <summary>Opportunities that are worked on at random, some facts late and some put right; always in the same way for one seed.</summary>
internal sealed class DealHistory
{
    private static readonly string[] People = ["li", "wang", "zhao"];

    private readonly List<Fact> facts = [];

    /// <param name="kinds">What happens beside openings.</param>
    public DealHistory(int seed, int deals, int changes, params string[] kinds)
    {
        var random = new Random(seed);
        for (var i = 0; i < deals; i++)
        {
            Say(i, random.Next(0, 30), new OpportunityOpened(
                "Pump", OpportunityType.New, Money.Of(random.Next(1, 1000) + 0.37m, "CNY"), "standard", Funnel.Stages[random.Next(4)],
                Rep: People[random.Next(3)], ExpectedClose: Funnel.Today.AddDays(random.Next(-5, 40))));
        }

        for (var i = 0; i < changes; i++)
        {
            Change(random, random.Next(deals), kinds[random.Next(kinds.Length)]);
        }
    }

    public long Head => facts.Count;

    /// <summary>Days are counted from a month before the day that the funnel is looked at.</summary>
    public static DateTimeOffset Day(int day) => Funnel.Monday.AddDays(day - 30);

    public ForecastSide Side(long position, int day, ForecastManifest? manifest = null) => new(
        (manifest ?? Funnel.Manifest) with
        {
            Position = position,
            AsOf = Day(day),
            Today = DateOnly.FromDateTime(Day(day).UtcDateTime)
        },
        new([.. Funnel.Decided, .. Ids.Select(id => Known(id, position, day, position)).OfType<ForecastDeal>()]));

    /// <summary>What only one of two forecasts knew of the moment of the earlier.</summary>
    public IReadOnlyDictionary<Guid, DealRestated> Restated(ForecastSide then, ForecastSide now)
    {
        var (from, to) = (then.Manifest.Position, now.Manifest.Position);
        var day = (int)(then.Manifest.AsOf - Day(0)).TotalDays;
        return Ids.Where(_ => from != to).ToDictionary(Funnel.Id, id => new DealRestated(
            Known(id, Math.Max(from, to), day, Math.Min(from, to)), Known(id, to, day, to)));
    }

    /// <summary>What two forecasts differ by, with the earlier first.</summary>
    public IReadOnlyList<ForecastShare> Between(ForecastSide then, ForecastSide now) =>
        Split(then, now).Shares;

    public ForecastSplit Split(ForecastSide then, ForecastSide now) => ForecastComparison.Between(then, now, Restated(then, now));

    private IEnumerable<int> Ids => facts.Select(fact => fact.Deal).Distinct();

    private ForecastDeal? Known(int deal, long position, int day, long corrections)
    {
        var known = facts.Where(fact => fact.Deal == deal && fact.Position <= position && fact.Corrects is null);
        var right = facts.Where(fact => fact.Corrects is not null && fact.Position <= corrections)
            .GroupBy(fact => fact.Corrects!.Value).ToDictionary(same => same.Key, same => same.Last().What);
        return known.Where(fact => fact.At < Day(day)).OrderBy(fact => fact.At).ThenBy(fact => fact.Position).Aggregate(
            (ForecastDeal?)null, (state, fact) => ForecastDeal.Evolve(
                Funnel.Id(fact.Deal), state, right.GetValueOrDefault(fact.Position, fact.What), fact.At));
    }

    private void Change(Random random, int deal, string kind)
    {
        var day = random.Next(30, 60);
        var amount = Money.Of(random.Next(1, 1000) + 0.11m, "CNY");
        switch (kind)
        {
            case "stage": Say(deal, day, new OpportunityStageEntered(Funnel.Stages[random.Next(4)])); break;
            case "amount": Say(deal, day, new OpportunityAmountChanged(amount)); break;
            case "date": Say(deal, day, new OpportunityCloseDateChanged(Funnel.Today.AddDays(random.Next(-5, 60)))); break;
            case "owner": Say(deal, day, new OpportunityAssigned(Rep: People[random.Next(3)])); break;
            case "won": Say(deal, day, new OpportunityWon(amount)); break;
            case "lost": Say(deal, day, new OpportunityLost("price")); break;
            case "reopened": Say(deal, day, new OpportunityReopened()); break;
            case "flag": Say(deal, 0, random.Next(2) == 0 ? new OpportunityFlagged(RecordFlag.Test) : new OpportunityFlagWithdrawn()); break;
            case "late": Say(deal, random.Next(0, 30), new OpportunityAmountChanged(amount)); break;
            default:
                var wrong = facts.Where(fact => fact is { What: OpportunityAmountChanged, Corrects: null }).ElementAtOrDefault(random.Next(20));
                if (wrong is not null)
                    facts.Add(wrong with { Position = Head + 1, What = new OpportunityAmountChanged(amount), Corrects = wrong.Position });
                break;
        }
    }

    private void Say(int deal, int day, object what) => facts.Add(new(deal + 5000, Head + 1, Day(day), what, Corrects: null));

    private sealed record Fact(int Deal, long Position, DateTimeOffset At, object What, long? Corrects);
}
