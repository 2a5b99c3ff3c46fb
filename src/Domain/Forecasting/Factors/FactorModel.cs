using Crm.Domain.Playbooks;

namespace Crm.Domain.Forecasting.Factors;

/// <summary>What <see cref="FactorWeighted"/> knows: what stages taught, and the signs of each opportunity.</summary>
internal sealed class FactorModel(
    IForecastModel stages, IReadOnlyDictionary<Guid, DealSigns> signs, IReadOnlyDictionary<string, SourceReading> readings) : IForecastModel
{
    public ForecastGiven Give(ForecastManifest manifest, ForecastDeal deal)
    {
        var given = stages.Give(manifest, deal);
        return given.Contribution is { } one ? Weighed(manifest, deal, one) : given.Why;
    }

    private ForecastContribution Weighed(ForecastManifest manifest, ForecastDeal deal, ForecastContribution one)
    {
        var (settings, told) = (manifest.Settings, signs.GetValueOrDefault(deal.OpportunityId));
        var looks = (settings.Factors ?? []).Select(factor => At(factor, settings, deal, one, told)).Where(look => look.Weight > 0).ToList();
        var (all, strength) = (looks.Sum(look => look.Weight), (settings.StrengthPercent ?? 0) / 100m);
        var lean = all == 0 ? 0 : strength * looks.Sum(look => look.Weight * look.Sign) / all;

        var chance = FactorOdds.Moved(one.Chance, lean);
        var value = Round(one.Amount * chance, manifest.Digits);
        var worth = one.Amount * FactorOdds.Slope(one.Chance, lean) * strength;
        var effects = Settled([.. looks.Select(look => worth * look.Weight * look.Sign / all)], value - one.Value, manifest.Digits);
        return one with
        {
            Chance = chance,
            Value = value,
            Category = StageModel.CategoryOf(settings, chance),
            Weighed = new(told?.Industry, one.Chance, one.Value, Confidence(looks, all), [.. looks.Select((look, i) => new FactorEffect(
                look.Factor.Key, look.Reading, look.Share, look.Weight, effects[i], look.Factor.Source, look.Use?.IsStale == true))])
        };
    }

    // What rounding leaves over, be it of the chance, goes to the effect that is the farthest from nothing; of several, to the first.
    private static IReadOnlyList<decimal> Settled(List<decimal> exact, decimal sum, int digits)
    {
        List<decimal> effects = [.. exact.Select(effect => Round(effect, digits))];
        if (sum - effects.Sum() is var rest and not 0)
            effects[exact.IndexOf(exact.MaxBy(Math.Abs))] += rest;
        return effects;
    }

    private static decimal Round(decimal money, int digits) => decimal.Round(money, digits, MidpointRounding.ToEven);

    private static decimal Confidence(IReadOnlyList<Look> looks, int all) => all == 0 ? 1 : decimal.Round(
        1 - looks.Where(look => look.Factor.From == FactorFrom.Source).Sum(look => look.Weight * (1 - (look.Use?.Confidence ?? 0))) / all,
        4, MidpointRounding.ToEven);

    private Look At(FactorSection factor, ForecastSettings settings, ForecastDeal deal, ForecastContribution one, DealSigns? told)
    {
        var (weight, neutral) = (factor.WeightIn(told?.Industry), factor.NeutralPercent / 100m);
        var source = factor.From == FactorFrom.Source ? readings.GetValueOrDefault(factor.Source!) : null;
        decimal? reading = factor.From switch
        {
            FactorFrom.StageAge => one.StageDays,
            FactorFrom.Source => deal.CustomerId is { } customer && source?.Values.TryGetValue(customer, out var said) == true ? said : null,
            _ => told?.Readings.TryGetValue(factor.Key, out var counted) == true ? counted : null
        };
        return reading is { } known && FactorScale.Of(factor, settings, one.FreshDays) is { } scale
            ? new(factor, known, scale.Share(known), weight, FactorOdds.Sign(scale.Share(known), neutral), source?.Use)
            : new(factor, Reading: null, neutral, weight, Sign: 0, source?.Use);
    }

    /// <param name="Sign">From −1 to 1; 0 where nothing is known.</param>
    /// <param name="Use">The reading of its source; null where there is none, and where events tell it.</param>
    private readonly record struct Look(
        FactorSection Factor, decimal? Reading, decimal Share, int Weight, decimal Sign, ReadingUse? Use);
}
