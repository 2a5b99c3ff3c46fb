namespace Crm.Domain.Forecasting;

/// <summary>What <see cref="StageWeighted"/> learned: chances and ages by stage.</summary>
internal sealed class StageModel(WinOdds odds, StageTimes times) : IForecastModel
{
    // Of a stage that most pass within the same day: files tell days, and what came yesterday is not stale.
    private const decimal LeastFresh = 1;

    public static bool IsBusiness(ForecastDeal deal) => deal is { OpenedAt: not null, IsFlagged: false };

    public static ForecastCategory CategoryOf(ForecastSettings settings, decimal chance) =>
        chance * 100 >= settings.CommitPercent ? ForecastCategory.Commit
        : chance * 100 >= settings.BestPercent ? ForecastCategory.Best : ForecastCategory.Pipeline;

    public ForecastGiven Give(ForecastManifest manifest, ForecastDeal deal)
    {
        if (deal.Status != ForecastDeal.Open || !IsBusiness(deal))
            return NotGiven.NoBusiness;
        if (!manifest.Scope.Holds(deal))
            return NotGiven.OutOfScope;
        if (deal.Currency != manifest.Currency)
            return NotGiven.OtherCurrency;
        if (Closing(manifest, deal) is not var (closes, by))
            return NotGiven.Undated;
        return closes < manifest.Span.From || closes >= manifest.Span.To ? NotGiven.OtherTime : Contribution(manifest, deal, closes, by);
    }

    // On the day that is expected; what is over by then is overdue and may be decided any day. Where nobody expects a day, history tells.
    private (DateOnly Day, ClosingBy By)? Closing(ForecastManifest manifest, ForecastDeal deal)
    {
        if (deal.ExpectedClose is { } expected)
            return expected < manifest.Today ? (manifest.Today, ClosingBy.Overdue) : (expected, ClosingBy.Expected);
        if (times.UntilWon(deal) is not { } days)
            return null;

        var rest = days - ForecastDeal.Days(deal.StageSince!.Value, manifest.AsOf);
        return (manifest.Today.AddDays((int)Math.Clamp(decimal.Ceiling(rest), 0, 36_500)), ClosingBy.History);
    }

    private ForecastContribution Contribution(ForecastManifest manifest, ForecastDeal deal, DateOnly closes, ClosingBy by)
    {
        var settings = manifest.Settings;
        var levels = odds.From(deal);
        var (age, fresh) = (ForecastDeal.Days(deal.StageSince!.Value, manifest.AsOf),
            times.Stay(deal, settings.StalePercent) is { } stay ? Math.Max(stay, LeastFresh) : (decimal?)settings.StaleDays);
        var freshness = Freshness(age, fresh);
        var chance = decimal.Round(levels[^1].Odds * freshness, 6, MidpointRounding.ToEven);
        var amount = deal.Amount ?? 0;
        return new(
            deal.OpportunityId, deal.Pipeline, deal.Stage, deal.Team, deal.Rep, deal.Region, deal.Product, amount, closes, by, age, fresh,
            freshness, levels, chance, decimal.Round(amount * chance, manifest.Digits, MidpointRounding.ToEven), CategoryOf(settings, chance));
    }

    private static decimal Freshness(decimal age, decimal? fresh) => fresh switch
    {
        null => 1,
        { } days => decimal.Round(Math.Clamp(2 - age / days, 0, 1), 4, MidpointRounding.ToEven)
    };
}
