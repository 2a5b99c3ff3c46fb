using System.Globalization;

namespace Crm.Api.Imports.Profiles;

/// <summary>How the numbers of a column are written: which sign stands before their decimals, which between their thousands, and which symbols beside them.</summary>
internal sealed class NumberPatterns
{
    private static readonly string[] Symbols = ["€", "$", "¥", "￥", "£", "₹", "元", "EUR", "USD", "CNY", "RMB", "GBP", "CHF", "JPY", "INR"];

    // The first that takes all is believed.
    private static readonly NumberFormat[] Formats =
    [
        new('.', null, []), new('.', ',', []), new(',', '.', []), new(',', null, []), new(',', ' ', []), new('.', '\'', []), new('.', ' ', [])
    ];

    private readonly long[] counts = new long[Formats.Length];
    private readonly (decimal Min, decimal Max)[] bounds = new (decimal, decimal)[Formats.Length];
    private readonly SortedSet<string> symbols = new(StringComparer.Ordinal);
    private long whole;

    public long Count { get; private set; }

    /// <returns>Whether it is a number.</returns>
    public bool Add(string text)
    {
        if (text.Length > 40 || !text.AsSpan().ContainsAnyInRange('0', '9'))
        {
            return false;
        }

        var symbol = Symbols.FirstOrDefault(sign => text.StartsWith(sign, StringComparison.Ordinal) || text.EndsWith(sign, StringComparison.Ordinal));
        var bare = symbol is null ? text : text.Replace(symbol, "").Trim();
        var isNumber = false;
        for (var i = 0; i < Formats.Length; i++)
        {
            if (Formats[i].Parse(bare) is { } number)
            {
                bounds[i] = counts[i]++ == 0 ? (number, number) : (Math.Min(bounds[i].Min, number), Math.Max(bounds[i].Max, number));
                isNumber = true;
            }
        }

        if (isNumber)
        {
            Count++;
            // A telephone number or a code begins with a zero; what is counted does not.
            whole += bare.All(char.IsAsciiDigit) || bare[0] == '-' && bare.AsSpan(1).ContainsAnyExceptInRange('0', '9') == false ? 1 : 0;
            if (symbol is not null)
            {
                symbols.Add(symbol);
            }
        }

        return isNumber;
    }

    public bool IsWhole => whole == Count;

    public (NumberProfile Profile, long Count, string Min, string Max) Chosen()
    {
        var best = Enumerable.Range(0, Formats.Length).MaxBy(i => counts[i]);
        return (new NumberProfile(Formats[best].Decimal.ToString(), Formats[best].Thousands?.ToString(), [.. symbols]), counts[best],
            bounds[best].Min.ToString(CultureInfo.InvariantCulture), bounds[best].Max.ToString(CultureInfo.InvariantCulture));
    }
}
