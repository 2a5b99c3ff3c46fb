namespace Crm.Domain.Forecasting;

/// <summary>One of two forecasts that are compared: what it was a function of.</summary>
public sealed record ForecastSide(ForecastManifest Manifest, ForecastKnown Known);

/// <summary>An opportunity as of the moment of the earlier forecast, as the later one knew it.</summary>
/// <param name="Midway">The same without corrections that only one of the two knew, but with all that came late.</param>
public sealed record DealRestated(ForecastDeal? Midway, ForecastDeal? After);

/// <summary>What an opportunity adds to the difference of two forecasts by one cause.</summary>
/// <param name="Value">In units of the currency, rounded as contributions are; never 0.</param>
public sealed record ForecastShare(ForecastCause Cause, Guid OpportunityId, decimal Value);

/// <summary>Why one forecast says something else than another.</summary>
/// <param name="Then">The total of the earlier, as it was computed now.</param>
/// <param name="Shares">By opportunity and cause; they come to the difference of the totals.</param>
public sealed record ForecastSplit(decimal Then, decimal Now, IReadOnlyList<ForecastShare> Shares);
