using Crm.Api.DataSources;
using Crm.Domain.Forecasting;
using Crm.Domain.Playbooks;

namespace Crm.Api.Forecasting;

/// <summary>The facts that a forecast is a function of, beside its manifest: from rows, or from the events themselves.</summary>
public sealed class ForecastFacts(DealReader deals, SignReader signs, ReadingReader readings)
{
    public async Task<ForecastKnown> Of(string tenant, ForecastManifest manifest, bool fromEvents, CancellationToken ct)
    {
        var known = fromEvents
            ? await deals.Events(tenant, manifest.AsOf, manifest.Position, ct)
            : await deals.Rows(tenant, manifest.AsOf, manifest.Position, ct);
        return await Of(tenant, manifest, known, [manifest.Engine], fromEvents, ct);
    }

    /// <summary>Only what one of the engines asks for is read.</summary>
    /// <param name="known">As of the manifest's moment and position.</param>
    public async Task<ForecastKnown> Of(
        string tenant, ForecastManifest manifest, IReadOnlyList<ForecastDeal> known, IEnumerable<string> engines, bool fromEvents,
        CancellationToken ct) => !AskFactors(manifest, engines) ? new(known) : new(known)
        {
            Signs = fromEvents ? await signs.Events(tenant, manifest, known, ct) : await signs.Rows(tenant, manifest, known, ct),
            Readings = await readings.InUse(tenant, SourcesOf(manifest), manifest.AsOf, manifest.Position, ct)
        };

    /// <summary>Whether one of the engines weighs factors, and there are any.</summary>
    public static bool AskFactors(ForecastManifest manifest, IEnumerable<string> engines) =>
        manifest.Settings.Factors is not null && engines.Any(engine => ForecastEngines.Of(engine).AsksForSigns);

    private static string[] SourcesOf(ForecastManifest manifest) =>
        [.. manifest.Settings.Factors!.Where(factor => factor.From == FactorFrom.Source).Select(factor => factor.Source!)];
}
