namespace Crm.Domain.Forecasting;

/// <summary>A way to look at opportunities on the way from one forecast to another.</summary>
internal sealed record ForecastLook(ForecastCause Cause, ForecastManifest Manifest, IForecastModel Model)
{
    public decimal ValueOf(ForecastDeal? deal) => deal is null ? 0 : Model.Give(Manifest, deal).Contribution?.Value ?? 0;

    /// <summary>The earlier forecast's own look, and from there one cause after another to the later one's.</summary>
    public static IReadOnlyList<ForecastLook> Between(ForecastSide then, ForecastSide now)
    {
        var (from, to) = (then.Manifest, now.Manifest);
        var engine = ForecastEngines.Of(from.Engine);
        var older = to with { Engine = from.Engine, Settings = from.Settings };
        List<ForecastLook> looks = [new(default, from, engine.Learn(from, then.Known))];

        Go(ForecastCause.Time, looks[^1].Manifest with { AsOf = to.AsOf, Today = to.Today });
        Go(ForecastCause.Span, looks[^1].Manifest with { Span = to.Span, Zone = to.Zone, Tzdb = to.Tzdb });
        Go(ForecastCause.Scope, looks[^1].Manifest with { Scope = to.Scope });
        if (then.Known with { Deals = now.Known.Deals } != now.Known)
            Go(ForecastCause.Readings, older, engine.Learn(older, now.Known with { Deals = then.Known.Deals }));
        Go(ForecastCause.Model, older, engine.Learn(older, now.Known));
        if (from.Settings != to.Settings)
            Go(ForecastCause.Settings, to with { Engine = from.Engine }, engine.Learn(to with { Engine = from.Engine }, now.Known));
        if (from.Engine != to.Engine)
            Go(ForecastCause.Engine, to, ForecastEngines.Of(to.Engine).Learn(to, now.Known));
        return looks;

        void Go(ForecastCause cause, ForecastManifest manifest, IForecastModel? model = null) =>
            looks.Add(new(cause, manifest, model ?? looks[^1].Model));
    }
}
