namespace Crm.Domain.Forecasting;

/// <summary>Whether a forecast stands. One that nothing held back does.</summary>
public enum ForecastStanding { Accepted, Held, Refused }

/// <summary>What was forecast once, which nothing alters, and whether it stands.</summary>
/// <param name="Held">Why it was held back, if it was.</param>
/// <param name="Settled">What became of that; null while nobody has decided.</param>
/// <param name="RestatedBy">The last one that says it anew.</param>
public sealed record Forecast(ForecastRun? Run, ForecastHeld? Held = null, ForecastStanding? Settled = null, Guid? RestatedBy = null)
{
    public static readonly Forecast None = new(Run: null);

    public ForecastStanding Standing => Settled ?? (Held is null ? ForecastStanding.Accepted : ForecastStanding.Held);

    public static Forecast Evolve(Forecast state, IForecastEvent @event) => @event switch
    {
        ForecastRun e => state with { Run = e },
        ForecastHeld e => state with { Held = e },
        ForecastAccepted => state with { Settled = state.Settled ?? ForecastStanding.Accepted },   // the first end stands
        ForecastRefused => state with { Settled = state.Settled ?? ForecastStanding.Refused },
        ForecastRestated e => state with { RestatedBy = e.By },
        _ => state
    };
}
