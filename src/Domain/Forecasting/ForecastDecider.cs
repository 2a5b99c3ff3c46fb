namespace Crm.Domain.Forecasting;

public interface IForecastCommand;

/// <param name="Jump">How far it moved, where it is to be held for that.</param>
public sealed record RecordForecast(
    ForecastManifest Manifest, ForecastResult Result, IReadOnlyList<ForecastShadow>? Shadows = null, ForecastDue? Due = null,
    Guid? Restates = null, ForecastHeld? Jump = null) : IForecastCommand;

/// <summary>Its approval has come to an end.</summary>
public sealed record SettleForecast(Guid ApprovalId, bool IsGranted) : IForecastCommand;

/// <summary>Another says it anew.</summary>
public sealed record RestateForecast(Guid By, string Hash) : IForecastCommand;

public static class ForecastDecider
{
    /// <summary>The code of what comes to the same when it is said anew.</summary>
    public const string Unchanged = "forecast.unchanged";

    public static readonly Decider<Forecast, IForecastCommand,
        IForecastEvent> Instance = new("forecast", Forecast.None, Decide, Forecast.Evolve);

    public static IReadOnlyList<IForecastEvent> Decide(Forecast state, IForecastCommand command) => (state, command) switch
    {
        ({ Run: null }, RecordForecast c) =>
        [
            new ForecastRun(c.Manifest, c.Result.Totals, CanonicalForecast.HashOf(c.Result), c.Shadows, c.Due, c.Restates),
            .. c.Jump is { } jump ? [jump] : Array.Empty<IForecastEvent>()
        ],

        // What was forecast stays as it is, whoever says it again.
        (_, RecordForecast) => [],

        ({ Run: null }, RestateForecast) => throw Unknown(),
        ({ Run.Hash: var then }, RestateForecast c) when then == c.Hash => throw Rejection.WrongState(
            Unchanged, "With all that is known by now it comes to the same; there is nothing to say anew."),
        (_, RestateForecast c) => state.RestatedBy == c.By ? [] : [new ForecastRestated(c.By)],

        ({ Held: { } held, Settled: null }, SettleForecast c) when held.ApprovalId == c.ApprovalId =>
            [c.IsGranted ? new ForecastAccepted(c.ApprovalId) : new ForecastRefused(c.ApprovalId)],

        // Said twice, or of an approval that has nothing to do with it.
        _ => []
    };

    public static Rejection Unknown() => Rejection.Unknown("forecast.unknown", "There is no such forecast.");
}
