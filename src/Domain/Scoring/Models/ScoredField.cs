using Crm.Domain.Conditions;

namespace Crm.Domain.Scoring.Models;

/// <summary>What a field says, in log-odds against the average lead that the model was trained on. It has texts or numbers.</summary>
/// <param name="Missing">Where it is not known.</param>
public sealed record ScoredField(string Name, decimal Missing, TextWeights? Texts = null, NumberWeights? Numbers = null)
{
    /// <param name="value">A text, number, truth, day or instant; null where it is not known.</param>
    /// <param name="missing">Keys that stand for no value.</param>
    public ScoreReason Reason(object? value, IReadOnlyCollection<string> missing) =>
        FieldText.Key(value is null ? null : Operand.Text(value), missing) is not { } key ? new(Name, BinKind.Missing, Missing)
        : Numbers is null ? Texts!.Reason(Name, key)
        : FieldText.Number(key) is { } number ? Numbers.Reason(Name, number)
        : new(Name, BinKind.Missing, Missing);
}

/// <param name="Other">For values that were rare, or not there, when the model was trained.</param>
public sealed record TextWeights(IReadOnlyList<ValueWeight> Values, decimal Other)
{
    internal ScoreReason Reason(string field, string key) => Values.FirstOrDefault(known => known.Key == key) is { } found
        ? new(field, BinKind.Value, found.Weight, found.Key)
        : new(field, BinKind.Other, Other);
}

/// <param name="Key">See <see cref="FieldText.Key"/>.</param>
public sealed record ValueWeight(string Key, decimal Weight);

/// <param name="Zero">Of a zero, where zeros have a bin of their own.</param>
/// <param name="From">Where the second bin begins, the third, and so on, rising. Bins are half-open.</param>
/// <param name="Weights">One for each bin, so one more than there are limits.</param>
public sealed record NumberWeights(decimal? Zero, IReadOnlyList<decimal> From, IReadOnlyList<decimal> Weights)
{
    internal ScoreReason Reason(string field, decimal number)
    {
        if (number == 0 && Zero is { } zero)
        {
            return new(field, BinKind.Zero, zero);
        }

        var bin = From.Count(from => from <= number);
        return new(field, BinKind.Range, Weights[bin], null, bin > 0 ? From[bin - 1] : null, bin < From.Count ? From[bin] : null);
    }
}
