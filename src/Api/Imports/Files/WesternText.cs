using System.Text;

namespace Crm.Api.Imports.Files;

/// <summary>
/// Knows text of western Europe in windows-1252 by its letters: they are of few kinds and stand alone between plain ones, which letters of other
/// encodings of one byte do not when they are read in it.
/// </summary>
internal static class WesternText
{
    private const string Letters = "äöüßÄÖÜéèêëàâáãåçîïíìôóòøõûúùñæœÉÈÊÀÂÁÅÃÇÎÍÔÓØÕÚÑÆ";
    private const string Signs = "€£§°·–—‘’‚“”„…«»©®™´\u00A0½¼²³";
    private const int LeastLetters = 3;
    private const double MostInPairs = 0.1;

    /// <summary>How sure it is where it is such text: less than a mark, more than a guess by frequencies.</summary>
    public const double Confidence = 0.85;

    public static Encoding Encoding => CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <param name="telling">Those lines of a file that are not plain ASCII.</param>
    public static bool Is(byte[] telling)
    {
        var (letters, pairs, before) = (0, 0, 'a');
        foreach (var c in Encoding.GetString(telling))
        {
            if (c > '~' && !Signs.Contains(c))
            {
                if (!Letters.Contains(c))
                {
                    return false;
                }

                letters++;
                pairs += before > '~' ? 1 : 0;
            }

            before = c;
        }

        return letters >= LeastLetters && pairs <= letters * MostInPairs;
    }
}
