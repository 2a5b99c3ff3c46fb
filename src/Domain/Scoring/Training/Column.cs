using Crm.Domain.Scoring.Models;

namespace Crm.Domain.Scoring.Training;

/// <summary>A column that was read: for each example the place of its value among the different ones, or <see cref="Missing"/>.</summary>
/// <param name="Keys">The different values, sorted; none in a column of numbers.</param>
/// <param name="Numbers">The different values, rising; null in a column of texts.</param>
internal sealed record Column(string Name, int[] Codes, string[] Keys, decimal[]? Numbers)
{
    public const int Missing = -1;

    public int Distinct => Numbers?.Length ?? Keys.Length;

    /// <summary>Nineteen of twenty values make a column one of numbers; what is no number there counts as missing.</summary>
    public static Column Read(ExampleColumn column, IReadOnlyCollection<string> missing)
    {
        var (spellings, rows) = Spellings(column.Values);
        List<string?> keys = [.. spellings.Select(spelling => FieldText.Key(spelling, missing))];
        List<decimal?> numbers = [.. keys.Select(key => key is null ? null : FieldText.Number(key))];
        var present = rows.Count(spelling => spelling >= 0 && keys[spelling] is not null);
        var numeric = rows.Count(spelling => spelling >= 0 && numbers[spelling] is not null);
        if (numeric == 0 || numeric < present * 0.95)
        {
            List<string> texts = [.. keys.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            var codes = Coded(keys, key => key is null ? Missing : texts.BinarySearch(key, StringComparer.Ordinal));
            return new(column.Name, codes, [.. texts], null);
        }

        List<decimal> values = [.. numbers.OfType<decimal>().Distinct().Order()];
        return new(column.Name, Coded(numbers, number => number is { } value ? values.BinarySearch(value) : Missing), [], [.. values]);

        int[] Coded<T>(List<T> bySpelling, Func<T, int> code)
        {
            int[] codes = [.. bySpelling.Select(code)];
            return [.. rows.Select(spelling => spelling < 0 ? Missing : codes[spelling])];
        }
    }

    private static (List<string> Spellings, int[] Rows) Spellings(IReadOnlyList<string?> values)
    {
        var (places, spellings, rows) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<string>(), new int[values.Count]);
        for (var row = 0; row < rows.Length; row++)
        {
            if (string.IsNullOrWhiteSpace(values[row]))
            {
                rows[row] = Missing;
            }
            else if (!places.TryGetValue(values[row]!, out rows[row]))
            {
                rows[row] = places[values[row]!] = spellings.Count;
                spellings.Add(values[row]!);
            }
        }

        return (spellings, rows);
    }
}
