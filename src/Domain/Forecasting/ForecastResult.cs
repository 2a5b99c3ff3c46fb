using System.Text.Json.Serialization;
using Crm.Domain.Forecasting.Factors;

namespace Crm.Domain.Forecasting;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older results stay whole.

/// <summary>How sure of an opportunity one can be, by its chance.</summary>
public enum ForecastCategory { Commit, Best, Pipeline }

/// <summary>By which the day is told on which an opportunity is thought to be decided.</summary>
public enum ClosingBy
{
    /// <summary>Its expected close.</summary>
    Expected,

    /// <summary>Today, since its expected close is over.</summary>
    Overdue,

    /// <summary>Half of those that were won were won so long after they came to its stage.</summary>
    History
}

/// <summary>What an opportunity gives to a forecast, and what that is made of: amount × odds × freshness, all of it in the span.</summary>
/// <param name="Closes">On which day it is thought to be decided; one that lies outside of the span gives nothing and is not there.</param>
/// <param name="StageDays">How long it has been in its stage.</param>
/// <param name="FreshDays">How long it is fresh there; null for always.</param>
/// <param name="Freshness">1 while it is fresh, falling to 0 at twice that age; four places.</param>
/// <param name="Odds">From the largest group to the smallest.</param>
/// <param name="Chance">Odds × freshness, to six places.</param>
/// <param name="Value">Amount × chance, rounded to the currency's digits.</param>
/// <param name="Weighed">What factors made of it; null where the engine asks for none.</param>
public sealed record ForecastContribution(
    Guid OpportunityId, string? Pipeline, string? Stage, string? Team, string? Rep, string? Region, string? Product, decimal Amount,
    DateOnly Closes, ClosingBy By, decimal StageDays, decimal? FreshDays, decimal Freshness, IReadOnlyList<OddsLevel> Odds,
    decimal Chance, decimal Value, ForecastCategory Category, WeighedFactors? Weighed = null);

/// <summary>What a part of a forecast comes to.</summary>
/// <param name="Amount">If all of them were won.</param>
/// <param name="Value">As is to be expected: the sum of what each gives.</param>
public sealed record ForecastSum(int Count, decimal Amount, decimal Value);

/// <summary>A part of it by a dimension: the parts of one dimension come to the total, to the cent.</summary>
/// <param name="By"><c>category</c>, <c>pipeline</c>, <c>stage</c>, <c>team</c>, <c>rep</c>, <c>region</c> or <c>product</c>; by
/// engines that ask for it <c>industry</c>.</param>
public sealed record ForecastPart(string By, string? Name, ForecastSum Sum);

/// <summary>What is open in the scope and not in the figures, and why.</summary>
/// <param name="OtherCurrency">In another currency.</param>
/// <param name="OtherTime">Thought to be decided outside of the span.</param>
/// <param name="Undated">Nobody expects them on any day, and too few were won to tell.</param>
public sealed record ForecastLeftOut(int OtherCurrency, int OtherTime, int Undated);

/// <summary>What is won in a span in all: what was won in it by now, what comes of what is open, and what is not there yet.</summary>
/// <param name="Low">The value lies between low and high with a probability of <paramref name="Coverage"/>, by what back-tests were off.</param>
/// <param name="Won">Of it, what was won before the day of the run.</param>
/// <param name="FromOpen">Of the rest, what the flow model alone sees in what is open; null where nothing was ever won.</param>
/// <param name="FromComing">And in what is not there yet.</param>
/// <param name="Rules">Which rule said what of the rest, and how far it was leant on.</param>
/// <param name="BackTests">From how many earlier days that was learned.</param>
public sealed record ForecastOutlook(
    decimal Value, decimal Low, decimal High, decimal Coverage, decimal Won, decimal? FromOpen, decimal? FromComing,
    IReadOnlyList<Flow.RuleShare> Rules, int BackTests);

/// <param name="Total">Of what is open.</param>
/// <param name="Won">What was won in the span already; it is not in the total.</param>
/// <param name="Low">Of the outlook; null where the engine says nothing of what is not there yet.</param>
/// <param name="Model">SHA-256, in hexadecimal, over the odds and ages that it was computed with.</param>
/// <param name="Weighed">What factors made of it; null where the engine asks for none.</param>
public sealed record ForecastTotals(
    ForecastSum Total, ForecastSum Won, IReadOnlyList<ForecastPart> Parts, ForecastLeftOut LeftOut, string Model, decimal? Low = null,
    decimal? High = null, ForecastOutlook? Outlook = null, FactorTotals? Weighed = null)
{
    /// <summary>What is to be held against what is won in the span in the end: the outlook, or what was won and is to be expected of what
    /// is open.</summary>
    [JsonIgnore]
    public decimal Headline => Outlook?.Value ?? Figure;

    /// <summary>What was won, and what is to be expected of what is open.</summary>
    internal decimal Figure => Total.Value + Won.Value;
}

/// <param name="Contributions">In the order of the opportunities' ids.</param>
public sealed record ForecastResult(ForecastTotals Totals, IReadOnlyList<ForecastContribution> Contributions);
