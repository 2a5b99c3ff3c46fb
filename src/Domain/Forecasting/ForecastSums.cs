namespace Crm.Domain.Forecasting;

/// <summary>Asks a model of every opportunity, and adds up what each gives.</summary>
internal static class ForecastSums
{
    /// <param name="dimensions">By which parts of it are told, each once.</param>
    public static ForecastResult Of(
        ForecastManifest manifest, ForecastKnown known, IForecastModel model,
        IReadOnlyList<(string By, Func<ForecastContribution, string?> Of)> dimensions)
    {
        var said = known.Deals.OrderBy(deal => deal.OpportunityId).Select(deal => model.Give(manifest, deal)).ToList();
        var given = said.Select(one => one.Contribution).OfType<ForecastContribution>().ToList();
        var why = said.CountBy(one => one.Why).ToDictionary();

        var won = known.Deals.Where(deal => deal.Status == ForecastDeal.Won && StageModel.IsBusiness(deal) && manifest.Scope.Holds(deal)
            && deal.Currency == manifest.Currency && deal.ClosedAt >= manifest.Span.Begin && deal.ClosedAt < manifest.Span.End).ToList();
        var wonAmount = won.Sum(deal => deal.Amount ?? 0);
        var leftOut = new ForecastLeftOut(
            why.GetValueOrDefault(NotGiven.OtherCurrency), why.GetValueOrDefault(NotGiven.OtherTime), why.GetValueOrDefault(NotGiven.Undated));
        return new(
            new(Sum(given), new(won.Count, wonAmount, wonAmount), [.. dimensions.SelectMany(one => Parts(one.By, one.Of, given))], leftOut,
                CanonicalForecast.HashOfModel(given)), given);
    }

    private static IEnumerable<ForecastPart> Parts(string by, Func<ForecastContribution, string?> of, List<ForecastContribution> given) =>
        given.GroupBy(of).OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => new ForecastPart(by, part.Key, Sum([.. part])));

    private static ForecastSum Sum(IReadOnlyList<ForecastContribution> given) =>
        new(given.Count, given.Sum(one => one.Amount), given.Sum(one => one.Value));
}
