namespace Crm.Domain.Forecasting.Factors;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older results stay whole.

/// <summary>What a factor does to an opportunity's value.</summary>
/// <param name="Key">As the playbook has it.</param>
/// <param name="Reading">As it was counted, or as its source says; null where nothing is known, which is neither good nor bad.</param>
/// <param name="Share">From 0, as bad as can be, to 1; four places.</param>
/// <param name="Weight">In the industry of its customer, in percent as the playbook has it.</param>
/// <param name="Effect">In money: by how much more it is worth for this, or less.</param>
/// <param name="Source">The data source that it is read of; null where events tell it.</param>
/// <param name="IsStale">Whether that reading was older than its source says that values hold.</param>
public sealed record FactorEffect(
    string Key, decimal? Reading, decimal Share, int Weight, decimal Effect, string? Source = null, bool IsStale = false);

/// <summary>What all factors make of an opportunity: its base and all effects come to its value, to the cent.</summary>
/// <param name="Industry">Its customer's; null where that is not known.</param>
/// <param name="BaseChance">By its stage alone.</param>
/// <param name="BaseValue">Amount × base chance, rounded to the currency's digits.</param>
/// <param name="Confidence">1 where all that it rests on is fresh: each source takes away its share of the weights, times what is missing
/// from its own confidence; one that never had a good reading, all of that share. Four places.</param>
/// <param name="Effects">Of those that weigh anything in its industry, in the order of the playbook.</param>
public sealed record WeighedFactors(string? Industry, decimal BaseChance, decimal BaseValue, decimal Confidence, IReadOnlyList<FactorEffect> Effects);

/// <summary>What a factor does to a forecast.</summary>
/// <param name="Known">Of how many opportunities something is known by it.</param>
/// <param name="Source">The data source that it is read of; null where events tell it.</param>
/// <param name="IsStale">Whether that reading was older than its source says that values hold.</param>
public sealed record FactorTotal(string Key, int Known, decimal Effect, string? Source = null, bool IsStale = false);

/// <summary>What all factors make of a forecast: its base and all effects come to its value, to the cent.</summary>
/// <param name="BaseValue">By stages alone.</param>
/// <param name="Confidence">Of the opportunities' as each is worth; four places.</param>
/// <param name="Factors">By their keys, in ordinal order.</param>
public sealed record FactorTotals(decimal BaseValue, decimal Confidence, IReadOnlyList<FactorTotal> Factors);
