using System.Globalization;
using System.Text;

namespace Crm.Api.Attachments;

/// <summary>Names of files as people gave them, made fit to be shown and to be given back.</summary>
internal static class FileName
{
    private const int Longest = 200;

    /// <summary>
    /// The name alone, without the folders that some programs send along, and without what cannot be seen: control characters, and those that turn the
    /// direction of writing. Too long a name loses its middle. Empty where nothing is left.
    /// </summary>
    public static string Clean(string sent)
    {
        var name = sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..];
        var seen = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse))
            {
                seen.Append(rune.ToString());
            }
        }

        return Shorten(seen.ToString().Trim(' ', '.'));
    }

    private static string Shorten(string name)
    {
        if (name.Length <= Longest)
        {
            return name;
        }

        var extension = Path.GetExtension(name);
        extension = extension.Length > 20 ? "" : extension;
        var kept = Longest - extension.Length - 1;
        return $"{name[..(char.IsHighSurrogate(name[kept - 1]) ? kept - 1 : kept)]}…{extension}";
    }
}
