using System.Globalization;
using Crm.Domain.Forecasting.Flow;

namespace Crm.Domain.Forecasting;

/// <summary>Opportunities as the arithmetic over series wants them: what became of each, day by day.</summary>
public static class DealPaths
{
    /// <summary>
    /// Of all that count in a manifest's scope and currency. Days are those of the tenant by the offset that its zone has as the span
    /// begins, so that no time zone is asked when it is replayed: where clocks are changed in between, an hour of a night counts to the
    /// day beside.
    /// </summary>
    public static IEnumerable<OpportunityPath> Of(ForecastManifest manifest, IEnumerable<ForecastDeal> deals)
    {
        var offset = manifest.Span.From.ToDateTime(TimeOnly.MinValue) - manifest.Span.Begin.UtcDateTime;
        return deals.Where(deal => StageModel.IsBusiness(deal) && manifest.Scope.Holds(deal) && deal.Currency == manifest.Currency)
            .Select(deal => new OpportunityPath(
                deal.OpportunityId, Day(deal.OpenedAt!.Value),
                [.. deal.Moves.Select(ForecastDeal.Read).Select(move => new StageEntry(Day(move.At), move.What))],
                [.. deal.Amounts.Select(ForecastDeal.Read)
                    .Select(one => new AmountEntry(Day(one.At), decimal.Parse(one.What, CultureInfo.InvariantCulture)))],
                deal.ClosedAt is { } end
                    ? new(Day(end), deal.Status == ForecastDeal.Won, deal.Status == ForecastDeal.Won ? deal.Amount ?? 0 : 0) : null));

        DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime + offset);
    }
}
