namespace Crm.Domain.Conditions;

/// <summary>
/// Small letters for capitals: Latin, Greek, Cyrillic and full-width ones. A fixed list, so that a search in memory and one in the database
/// find the same, whatever locale either has.
/// </summary>
public static class CaseFolding
{
    private const char DottedI = 'İ';

    private static readonly (char From, char To)[] Blocks = [('\u00C0', '\u017F'), ('\u0386', '\u03AB'), ('\u0400', '\u04FF'), ('\uFF21', '\uFF3A')];

    private static readonly IReadOnlyList<char> Capitals = [.. Blocks
        .SelectMany(block => Enumerable.Range(block.From, block.To - block.From + 1)).Select(c => (char)c)
        .Where(c => c != DottedI && char.ToLowerInvariant(c) != c)];

    private static readonly Dictionary<char, char> Pairs = Capitals.ToDictionary(c => c, char.ToLowerInvariant);

    /// <summary>The capitals beyond ASCII, in the order of their <see cref="Small"/> letters.</summary>
    public static string Large { get; } = string.Concat(Capitals);

    public static string Small { get; } = string.Concat(Capitals.Select(char.ToLowerInvariant));

    public static string Fold(string text) => Fold(text, Pairs);

    /// <summary>ASCII capitals as small letters, and all other characters as the table says.</summary>
    internal static string Fold(string text, IReadOnlyDictionary<char, char> table) => string.Create(text.Length, (text, table), static (folded, from) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            var c = from.text[i];
            folded[i] = char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : from.table.GetValueOrDefault(c, c);
        }
    });

    /// <summary>Whether the folded text could have been written with capitals beyond ASCII.</summary>
    public static bool NeedsPairs(string folded) => folded.AsSpan().IndexOfAny(Small) >= 0;
}
