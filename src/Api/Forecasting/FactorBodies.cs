using Crm.Domain;
using Crm.Domain.Forecasting.Factors;

namespace Crm.Api.Forecasting;

/// <summary>What factors make of an opportunity: base and effects come to its value, to the cent.</summary>
/// <param name="Industry">Its customer's; null where that is not known.</param>
/// <param name="BaseChance">By its stage alone.</param>
/// <param name="Confidence">1 where all that it rests on is fresh; stale sources take away their share of the weights.</param>
/// <param name="Effects">Of the factors that weigh anything in its industry.</param>
public sealed record WeighedAnswer(
    string? Industry, decimal BaseChance, string BaseValue, decimal Confidence, IReadOnlyList<FactorEffectAnswer> Effects)
{
    internal static WeighedAnswer? Of(WeighedFactors? weighed, string currency) => weighed is null ? null : new(
        weighed.Industry, weighed.BaseChance, Money.Of(weighed.BaseValue, currency).ToString(), weighed.Confidence,
        [.. weighed.Effects.Select(one => new FactorEffectAnswer(
            one.Key, one.Reading, one.Share, one.Weight, Money.Of(one.Effect, currency).ToString(), one.Source, one.IsStale))]);
}

/// <param name="Key">As the playbook has it.</param>
/// <param name="Reading">As it was counted, or as its source says; null where nothing is known, which is neither good nor bad.</param>
/// <param name="Share">From 0, as bad as can be, to 1.</param>
/// <param name="Weight">In percent, in the industry of its customer.</param>
/// <param name="Effect">By how much more it is worth for this, or less.</param>
/// <param name="Source">The data source that it is read of; null where events tell it.</param>
/// <param name="IsStale">Whether that reading was older than its source says that values hold.</param>
public sealed record FactorEffectAnswer(
    string Key, decimal? Reading, decimal Share, int Weight, string Effect, string? Source, bool IsStale);

/// <summary>What factors make of a forecast: base and effects come to its value, to the cent.</summary>
/// <param name="BaseValue">By stages alone.</param>
/// <param name="Confidence">Of the opportunities' as each is worth.</param>
public sealed record FactorTotalsAnswer(string BaseValue, decimal Confidence, IReadOnlyList<FactorTotalAnswer> Factors)
{
    internal static FactorTotalsAnswer? Of(FactorTotals? weighed, string currency) => weighed is null ? null : new(
        Money.Of(weighed.BaseValue, currency).ToString(), weighed.Confidence,
        [.. weighed.Factors.Select(one => new FactorTotalAnswer(
            one.Key, one.Known, Money.Of(one.Effect, currency).ToString(), one.Source, one.IsStale))]);
}

/// <param name="Known">Of how many opportunities something is known by it.</param>
/// <param name="Effect">By how much more they are worth for this, or less.</param>
/// <param name="Source">The data source that it is read of; null where events tell it.</param>
/// <param name="IsStale">Whether that reading was older than its source says that values hold.</param>
public sealed record FactorTotalAnswer(string Key, int Known, string Effect, string? Source, bool IsStale);
