using System.Text;

namespace Crm.Domain.Conditions;

/// <summary>
/// Text as it is searched: small letters, half width. It is found by its grams, the runs of three characters that begin at each of its
/// characters, which needs no notion of words and so does for Chinese as for Latin.
/// </summary>
public static class SearchText
{
    private const int GramLength = 3;

    private static readonly (char From, char To)[] Pairs =
    [
        ('\u3000', ' '),
        .. Enumerable.Range(0xFF01, 0xFF5E - 0xFF01 + 1).Select(c => ((char)c, char.ToLowerInvariant((char)(c - 0xFEE0)))),
        .. CaseFolding.Large.Zip(CaseFolding.Small).Where(pair => pair.First < '\uFF00')
    ];

    private static readonly Dictionary<char, char> Folded = Pairs.ToDictionary(pair => pair.From, pair => pair.To);

    /// <summary>The characters beyond ASCII that are searched as others, in the order of <see cref="To"/>.</summary>
    public static string From { get; } = string.Concat(Pairs.Select(pair => pair.From));

    public static string To { get; } = string.Concat(Pairs.Select(pair => pair.To));

    public static string Fold(string text) => CaseFolding.Fold(text, Folded);

    /// <summary>The words of a text, folded; a Chinese sentence is one.</summary>
    public static IReadOnlyList<string> Words(string text) => Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All grams of a text, each once; those that begin near the end of a word are shorter.</summary>
    public static IEnumerable<string> Grams(string text) => Words(text).SelectMany(GramsOf).Distinct();

    /// <summary>
    /// Grams that every text has that holds this folded word: at most so many, evenly spread. A word of less than three characters is the
    /// beginning of one, whichever that is.
    /// </summary>
    public static (IReadOnlyList<string> Grams, bool AreBeginnings) Sought(string word, int most)
    {
        var grams = GramsOf(word);
        var whole = grams.Take(Math.Max(1, grams.Count - GramLength + 1)).ToList();
        var shown = Math.Min(most, whole.Count);
        return (
            [.. Enumerable.Range(0, shown).Select(i => whole[shown == 1 ? 0 : i * (whole.Count - 1) / (shown - 1)])],
            grams.Count < GramLength);
    }

    private static IReadOnlyList<string> GramsOf(string word)
    {
        // Characters beyond the first plane are two chars, which must not be parted.
        var begins = Enumerable.Range(0, word.Length).Where(i => i == 0 || !char.IsSurrogatePair(word, i - 1)).ToList();
        return [.. begins.Select((begin, i) => word[begin..(i + GramLength < begins.Count ? begins[i + GramLength] : word.Length)])];
    }
}
