using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Forecasting;

/// <summary>Splits the difference of two forecasts by cause.</summary>
public sealed class ForecastSplits(DealChanges changes, Store store)
{
    /// <param name="then">Of the two the earlier (<see cref="ForecastComparison.IsEarlier"/>).</param>
    /// <returns>The shares, and the events of those of whom only one of the two knew something.</returns>
    public async Task<(ForecastSplit Split, IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>> Learned)> Between(
        string tenant, ForecastSide then, ForecastSide now, CancellationToken ct)
    {
        if (then.Manifest.Currency != now.Manifest.Currency)
        {
            throw Rejection.BrokenRule(
                "forecast.currencies", $"One is in {then.Manifest.Currency}, the other in {now.Manifest.Currency}; compare two of one currency.", "b");
        }

        var gap = ForecastGap.Between(then.Manifest, now.Manifest);
        var learned = await changes.Learned(tenant, gap, ct);
        return (ForecastComparison.Between(
            then, now, learned.ToDictionary(stream => stream.Key, stream => gap.Restated(stream.Value, store.Types))), learned);
    }
}
