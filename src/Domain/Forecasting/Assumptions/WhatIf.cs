namespace Crm.Domain.Forecasting;

/// <summary>What an assumption adds, after those before it.</summary>
/// <param name="Opportunities">How many give another value by it.</param>
public sealed record AssumedShare(decimal Value, int Opportunities);

/// <summary>A forecast as it would be.</summary>
/// <param name="Then">The total without any assumption.</param>
/// <param name="Shares">Of each assumption, in their order: together with <paramref name="Then"/> they come to the total.</param>
/// <param name="Given">In the order of ids.</param>
public sealed record AssumedForecast(decimal Then, IReadOnlyList<AssumedShare> Shares, IReadOnlyList<ForecastContribution> Given)
{
    public ForecastSum Total => new(Given.Count, Given.Sum(one => one.Amount), Given.Sum(one => one.Value));
}

/// <summary>
/// Forecasts what would be. Odds and ages stay those that were learned from what was decided, unless settings say how to learn; nothing that is
/// assumed is learned from.
/// </summary>
public static class WhatIf
{
    public static AssumedForecast Of(ForecastManifest manifest, ForecastKnown known, IReadOnlyList<Assumption> assumptions)
    {
        var engine = ForecastEngines.Of(manifest.Engine);
        var world = new World(manifest, engine.Learn(manifest, known), known.Deals, []);
        var values = world.Given();
        var then = values.Values.Sum(one => one.Value);
        var shares = new List<AssumedShare>();
        foreach (var assumption in assumptions)
        {
            world = assumption is Assumption.Settings { As: var settings } && manifest with { Settings = settings } is var other
                ? world with { Manifest = other, Model = engine.Learn(other, known) } : world.With(assumption);
            var next = world.Given();
            shares.Add(new(
                next.Values.Sum(one => one.Value) - values.Values.Sum(one => one.Value),
                next.Keys.Union(values.Keys).Count(id => next.GetValueOrDefault(id)?.Value != values.GetValueOrDefault(id)?.Value)));
            values = next;
        }

        return new(then, shares, [.. values.OrderBy(one => one.Key).Select(one => one.Value)]);
    }

    private sealed record World(
        ForecastManifest Manifest, IForecastModel Model, IReadOnlyList<ForecastDeal> Deals, IReadOnlyList<Assumption.Odds> Odds)
    {
        public World With(Assumption assumption) => assumption switch
        {
            Assumption.Drop drop => this with { Deals = [.. Deals.Where(deal => !(IsOpen(deal) && drop.Of.Holds(deal)))] },
            Assumption.Slip slip => this with { Deals = [.. Deals.Select(deal => IsOpen(deal) && slip.Of.Holds(deal) ? Slipped(deal, slip.Days) : deal)] },
            Assumption.Add add => this with { Deals = [.. Deals, add.Deal] },
            Assumption.Odds odds => this with { Odds = [.. Odds, odds] },
            _ => this
        };

        public Dictionary<Guid, ForecastContribution> Given() => Deals.Where(IsOpen)
            .Select(deal => Model.Give(Manifest, deal).Contribution is { } given ? Assumed(deal, given) : null)
            .OfType<ForecastContribution>().ToDictionary(given => given.OpportunityId);

        private static bool IsOpen(ForecastDeal deal) => deal.Status == ForecastDeal.Open;

        // From the day on which it is thought to be decided: of one that is overdue that is today.
        private ForecastDeal Slipped(ForecastDeal deal, int days) => Closing(deal) is { } closes
            ? deal with { ExpectedClose = closes.AddDays(days) } : deal;

        private DateOnly? Closing(ForecastDeal deal) => deal.ExpectedClose is { } day ? (day < Manifest.Today ? Manifest.Today : day)
            : Model.Give(Manifest with { Span = Manifest.Span with { To = DateOnly.MaxValue } }, deal).Contribution?.Closes;

        private ForecastContribution Assumed(ForecastDeal deal, ForecastContribution given)
        {
            var chance = given.Chance;
            foreach (var odds in Odds.Where(odds => odds.Of.Holds(deal)))
            {
                chance = odds.Percent is { } percent ? percent / 100 * given.Freshness : chance * odds.Times;
            }

            return chance == given.Chance ? given : With(given, decimal.Round(Math.Clamp(chance, 0, 1), 6, MidpointRounding.ToEven));
        }

        private ForecastContribution With(ForecastContribution given, decimal chance) => given with
        {
            Chance = chance,
            Value = decimal.Round(given.Amount * chance, Manifest.Digits, MidpointRounding.ToEven),
            Category = chance * 100 >= Manifest.Settings.CommitPercent ? ForecastCategory.Commit
                : chance * 100 >= Manifest.Settings.BestPercent ? ForecastCategory.Best : ForecastCategory.Pipeline
        };
    }
}
