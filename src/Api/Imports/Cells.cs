using System.Collections.Frozen;

namespace Crm.Api.Imports;

/// <summary>What a cell says: without blanks around it, nothing where it only means that something is missing, and by our name for it.</summary>
/// <param name="Missing">Besides the empty cell.</param>
/// <param name="Aliases">By column: what the file says, and what it is called here.</param>
/// <param name="ArePersonal">Nothing that stands in them may be repeated where it cannot be unsaid.</param>
internal sealed record Cells(
    FrozenSet<string> Missing, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Aliases, bool ArePersonal = false)
{
    private const int LongestQuote = 60;

    public string? Read(string column, string cell)
    {
        var text = cell.Trim();
        if (text.Length == 0 || Missing.Contains(text))
        {
            return null;
        }

        return Aliases.TryGetValue(column, out var names) && names.TryGetValue(text, out var name) ? name : text;
    }

    public string Quote(string text) =>
        ArePersonal ? "What stands" : $"'{(text.Length > LongestQuote ? string.Concat(text.AsSpan(0, LongestQuote), "…") : text)}'";
}
