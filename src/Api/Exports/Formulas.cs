using System.Globalization;
using System.Text.RegularExpressions;

namespace Crm.Api.Exports;

/// <summary>
/// Keeps spreadsheets from running what people wrote: a cell that one would take for a formula gets an apostrophe in front, which they read as "this is
/// text". Whoever reads such a file again takes it off; the two undo each other whatever stands in the cell, apostrophes of its own included.
/// </summary>
public static partial class Formulas
{
    private const char Mark = '\'';

    /// <summary>The cell as it may stand in a file for spreadsheets.</summary>
    public static string Guard(string cell) => IsFormula(cell.AsSpan().TrimStart(Mark)) ? Mark + cell : cell;

    /// <summary>The cell as it was before <see cref="Guard"/>; any other as it is.</summary>
    public static string Strip(string cell) => cell.StartsWith(Mark) && IsFormula(cell.AsSpan().TrimStart(Mark)) ? cell[1..] : cell;

    // Some programs pass over blanks and invisible characters, or take full-width letters for plain ones, before they look at the first character.
    private static bool IsFormula(ReadOnlySpan<char> cell)
    {
        var first = 0;
        while (first < cell.Length && IsBlank(cell[first]))
        {
            if (cell[first] is '\t' or '\r' or '\n' or '\0')
            {
                return true;
            }

            first++;
        }

        return first < cell.Length && cell[first] is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' && !Plain().IsMatch(cell[first..]);
    }

    private static bool IsBlank(char letter) =>
        char.IsWhiteSpace(letter) || char.IsControl(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format;

    // A number with its sign, or a phone: nothing in them can call anything.
    [GeneratedRegex(@"\A(?:[+-][0-9]+(?:[.,][0-9]+)*|\+[0-9][0-9 -]*(?:;ext=[0-9]+)?) *\z")]
    private static partial Regex Plain();
}
