using System.Globalization;
using Crm.Domain.Conditions;

namespace Crm.Domain.Scoring.Models;

/// <summary>Values of a field as a model compares them.</summary>
public static class FieldText
{
    private const NumberStyles Form = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>
    /// The value in small letters and half width, its words parted by one blank: what spellings of one value have in common. Null where
    /// there is none.
    /// </summary>
    /// <param name="missing">Keys that stand for no value, such as <c>select</c>.</param>
    public static string? Key(string? text, IReadOnlyCollection<string> missing) =>
        string.IsNullOrWhiteSpace(text) ? null : string.Join(' ', SearchText.Words(text)) is var key && missing.Contains(key) ? null : key;

    /// <summary>The number that a key stands for: digits with at most one point and a sign; null where it is none.</summary>
    public static decimal? Number(string key) =>
        decimal.TryParse(key, Form, CultureInfo.InvariantCulture, out var number) ? number : null;
}
