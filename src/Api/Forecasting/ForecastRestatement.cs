using Crm.Domain;
using Crm.Domain.Forecasting;
using Crm.EventStore;

namespace Crm.Api.Forecasting;

/// <summary>
/// Says a forecast anew: of the same moment, by the same rules and engine, with all that is known by now. What was said first stays as it is.
/// </summary>
public sealed class ForecastRestatement(ForecastDesk desk, ForecastFacts facts, ForecastRecorder recorder, Store store)
{
    /// <exception cref="Rejection">There is no such forecast, or it comes to the same (<c>forecast.unchanged</c>).</exception>
    public async Task<Written> Restate(Guid id, Call call, CancellationToken ct)
    {
        var known = await desk.Known(call.By, id, ct);
        return await Restate(id, known, run: null, call, ct);
    }

    /// <param name="run">The rules of the schedule that asked for it, by which it may be held back; null where nothing does that.</param>
    internal async Task<Written> Restate(Guid id, Forecast known, DueForecast? run, Call call, CancellationToken ct)
    {
        var stand = await Anew(call.By.Tenant, known.Run!.Manifest, ct);
        var hash = CanonicalForecast.HashOf(stand.Result);
        ForecastDecider.Decide(known, new RestateForecast(Guid.Empty, hash));

        // What never stood does not come to stand by that.
        var due = known.Standing == ForecastStanding.Accepted ? known.Run.Due : null;
        return await recorder.Record(
            StreamId.From(call.By.Tenant, ForecastDecider.Instance.StreamType, $"{id} {hash}"), stand, due, due is null ? null : run, id, call, ct);
    }

    private async Task<ForecastStand> Anew(string tenant, ForecastManifest then, CancellationToken ct)
    {
        var manifest = then with { Position = (await store.Head(ct)).Position };
        var known = await facts.Of(tenant, manifest, fromEvents: false, ct);
        manifest = manifest with { Readings = known.Readings.Count == 0 ? null : [.. known.Readings.Select(one => one.Use)] };
        return new(manifest, ForecastEngines.Of(manifest.Engine).Run(manifest, known), known.Deals);
    }
}
