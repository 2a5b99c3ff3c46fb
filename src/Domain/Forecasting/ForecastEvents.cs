namespace Crm.Domain.Forecasting;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IForecastEvent;

/// <summary>A forecast was computed. What each opportunity gives to it is not kept: it is computed anew from the manifest, and has
/// to come to the hash.</summary>
/// <param name="Hash">SHA-256, in hexadecimal, over the canonical bytes of the whole result, contributions too.</param>
/// <param name="Shadows">What other engines make of the same; null where none was asked.</param>
/// <param name="Due">Of one that was run by itself.</param>
/// <param name="Restates">The forecast that it says anew, with all that was known by now.</param>
public sealed record ForecastRun(
    ForecastManifest Manifest, ForecastTotals Totals, string Hash, IReadOnlyList<ForecastShadow>? Shadows = null,
    ForecastDue? Due = null, Guid? Restates = null) : IForecastEvent;

/// <summary>What another engine makes of a manifest that says so of its own.</summary>
/// <param name="Total">As is to be expected by it.</param>
/// <param name="Hash">Over the canonical bytes of its whole result.</param>
public sealed record ForecastShadow(string Engine, decimal Total, string Hash);

/// <summary>Which schedule asked for a forecast, and for when.</summary>
public sealed record ForecastDue(string Schedule, DateTimeOffset At);

/// <summary>It moved so far that somebody has to look at it first; the one that was accepted before stays up.</summary>
/// <param name="Accepted">The forecast that it is held against.</param>
/// <param name="Before">What that came to, what was won in the span too, in the currency of the manifest.</param>
/// <param name="Now">What this one comes to.</param>
/// <param name="MovedPercent">By how many of a hundred, to two places; less than 0 where it fell.</param>
/// <param name="Percent">How far it may go.</param>
/// <param name="Causes">The sources, factors, deals, teams, reps and products that moved it most.</param>
public sealed record ForecastHeld(
    Guid Accepted, decimal Before, decimal Now, decimal MovedPercent, int Percent, IReadOnlyList<MoveCause> Causes, Guid ApprovalId)
    : IForecastEvent;

/// <summary>Somebody looked at it: it is right, and stands from now on.</summary>
public sealed record ForecastAccepted(Guid ApprovalId) : IForecastEvent;

/// <summary>Somebody looked at it: it does not stand.</summary>
public sealed record ForecastRefused(Guid ApprovalId) : IForecastEvent;

/// <summary>It was said anew, with all that was known by then; what was said first stays as it is.</summary>
/// <param name="By">The forecast that says it anew.</param>
public sealed record ForecastRestated(Guid By) : IForecastEvent;
