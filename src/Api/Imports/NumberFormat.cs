using System.Globalization;

namespace Crm.Api.Imports;

/// <summary>How a company writes numbers.</summary>
/// <param name="Thousands">What may stand between groups of digits; null for nothing.</param>
/// <param name="Symbols">What may stand before or after a number, such as a currency.</param>
internal sealed record NumberFormat(char Decimal, char? Thousands, IReadOnlyList<string> Symbols)
{
    public static readonly NumberFormat Invariant = new('.', null, []);

    /// <summary>As programs write numbers: 1E3 is one too.</summary>
    public static readonly NumberFormat Json = Invariant with { HasExponents = true };

    private bool HasExponents { get; init; }

    /// <summary>Null when it is not a number written like that; a point that should be a comma is not guessed at.</summary>
    public decimal? Parse(string text)
    {
        if (HasExponents)
        {
            return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var said) ? said : null;
        }

        var bare = Bare(text.Trim());
        var isNegative = bare.StartsWith('-') || bare.StartsWith('\u2212');
        var parts = (isNegative ? Bare(bare[1..].Trim()) : bare).Split(Decimal);
        if (parts.Length > 2 || Ungrouped(parts[0]) is not { } whole || !parts[^1].All(char.IsAsciiDigit) && parts.Length == 2)
        {
            return null;
        }

        var number = parts.Length == 2 ? $"{whole}.{parts[1]}" : whole;
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? isNegative ? -value : value
            : null;
    }

    private string Bare(string text)
    {
        foreach (var symbol in Symbols)
        {
            if (text.StartsWith(symbol, StringComparison.Ordinal))
            {
                return text[symbol.Length..].Trim();
            }

            if (text.EndsWith(symbol, StringComparison.Ordinal))
            {
                return text[..^symbol.Length].Trim();
            }
        }

        return text;
    }

    // Groups of three; two where lakhs and crores are counted, though never the last.
    private string? Ungrouped(string whole)
    {
        var groups = Thousands is { } separator ? Spaced(whole, separator).Split(separator) : [whole];
        return groups.All(group => group.All(char.IsAsciiDigit)) &&
            (groups.Length == 1 || groups[0].Length is >= 1 and <= 3 && groups[^1].Length == 3 && groups[1..^1].All(g => g.Length is 2 or 3))
            ? string.Concat(groups)
            : null;
    }

    // Spaces between digits come in three widths.
    private static string Spaced(string whole, char separator) =>
        separator == ' ' ? whole.Replace('\u00A0', ' ').Replace('\u202F', ' ') : whole;
}
