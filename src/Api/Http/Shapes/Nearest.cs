namespace Crm.Api.Http.Shapes;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Nearest
{
    private const int LongestGuess = 60;

    /// <summary>A sentence such as <c> Did you mean 'limit'?</c> with a space in front; empty when nothing comes near.</summary>
    public static string Hint(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestGuess) return "";

        var near = known
            .Select(word => (Word: word, Steps: Steps(name.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(guess => guess.Steps <= Math.Clamp(guess.Word.Length / 2, 1, 3));
        return near.OrderBy(guess => guess.Steps).Select(guess => $" Did you mean '{guess.Word}'?").FirstOrDefault("");
    }

    // Letters put in, left out or changed (Levenshtein), one row of the table at a time.
    private static int Steps(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
