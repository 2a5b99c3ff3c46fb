namespace Crm.Domain.Forecasting;

/// <summary>
/// The difference of two forecasts, split by cause to the cent. Every opportunity is taken from what the earlier knew of it to what the
/// later did, one cause after another, and what each step adds is rounded as contributions are; so all shares come to the difference of the
/// two totals, whatever they are. In which order causes come says what two of them share: a larger amount in a later stage is worth its old
/// amount at new odds by its stage, and the rest at new odds by its amount.
/// </summary>
public static class ForecastComparison
{
    /// <param name="then">The forecast of the earlier moment; of the same moment, that which knew less.</param>
    /// <param name="restated">Opportunities that only one of the two knew otherwise as of the earlier moment; the rest both knew alike.</param>
    public static ForecastSplit Between(ForecastSide then, ForecastSide now, IReadOnlyDictionary<Guid, DealRestated> restated)
    {
        var looks = ForecastLook.Between(then, now);
        var before = then.Known.Deals.ToDictionary(deal => deal.OpportunityId);
        var after = now.Known.Deals.ToDictionary(deal => deal.OpportunityId);
        var isLearning = now.Manifest.Position >= then.Manifest.Position;
        return new(then.Known.Deals.Sum(looks[0].ValueOf), now.Known.Deals.Sum(looks[^1].ValueOf),
        [
            .. before.Keys.Union(after.Keys).Order().SelectMany(id => Shares(
                looks, id, before.GetValueOrDefault(id), restated.GetValueOrDefault(id), after.GetValueOrDefault(id), isLearning))
        ]);
    }

    /// <summary>Whether the first of two is to be taken for the earlier one: by moment, then by what was known.</summary>
    public static bool IsEarlier(ForecastManifest one, ForecastManifest other) =>
        one.AsOf != other.AsOf ? one.AsOf < other.AsOf : one.Position <= other.Position;

    private static IEnumerable<ForecastShare> Shares(
        IReadOnlyList<ForecastLook> looks, Guid id, ForecastDeal? then, DealRestated? restated, ForecastDeal? now, bool isLearning)
    {
        if (restated is null && !DealMoves.IsInPlay(then) && !DealMoves.IsInPlay(now))
            return [];

        var value = looks[0].ValueOf(then);
        var steps = new List<ForecastShare>();
        foreach (var (cause, deal) in DealMoves.Of(then, restated, now, isLearning))
        {
            Step(cause, looks[0].ValueOf(deal));
        }

        foreach (var look in looks.Skip(1))
        {
            Step(look.Cause, look.ValueOf(now));
        }

        return steps.GroupBy(step => step.Cause, (cause, same) => new ForecastShare(cause, id, same.Sum(step => step.Value)))
            .Where(share => share.Value != 0);

        void Step(ForecastCause cause, decimal next)
        {
            if (next != value)
                steps.Add(new(cause, id, next - value));
            value = next;
        }
    }
}
