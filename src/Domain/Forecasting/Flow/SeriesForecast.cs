namespace Crm.Domain.Forecasting.Flow;

/// <summary>What is to be won in a span, foretold from what was known on one day. Amounts in the unit of the paths, two digits.</summary>
/// <param name="Low">The span's value lies between low and high with a probability of <paramref name="Coverage"/>.</param>
/// <param name="FromOpen">What the flow model sees in opportunities that are open today; null where nothing was ever won.</param>
/// <param name="FromComing">What it sees in those that are not there yet.</param>
/// <param name="Rules">Which rule said what and how far it was leant on, most first.</param>
/// <param name="BackTests">From how many origins of the past it was learned.</param>
public sealed record SeriesForecast(
    ForecastSpan Span,
    decimal Value,
    decimal Low,
    decimal High,
    decimal Coverage,
    decimal? FromOpen,
    decimal? FromComing,
    IReadOnlyList<RuleShare> Rules,
    int BackTests);

/// <param name="Share">From 0 to 1, six digits.</param>
public sealed record RuleShare(string Rule, decimal Value, decimal Share);
