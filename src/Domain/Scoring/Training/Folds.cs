namespace Crm.Domain.Scoring.Training;

/// <summary>Parts of the examples, each with its share of either outcome, drawn by a generator of our own.</summary>
internal static class Folds
{
    /// <summary>The rows of each part, in order.</summary>
    public static IReadOnlyList<int[]> Of(IReadOnlyList<int> rows, bool[] outcomes, int parts, ulong seed)
    {
        var folds = Enumerable.Range(0, parts).Select(_ => new List<int>()).ToList();
        var dealt = 0;
        foreach (var outcome in (bool[])[true, false])
        {
            int[] same = [.. rows.Where(row => outcomes[row] == outcome)];
            Shuffle(same, ref seed);
            foreach (var row in same)
            {
                folds[dealt++ % parts].Add(row);
            }
        }

        return [.. folds.Select(fold => fold.Order().ToArray())];
    }

    /// <summary>All rows but those of one part, in order.</summary>
    public static int[] Without(IReadOnlyList<int[]> folds, int part) =>
        [.. folds.Where((_, i) => i != part).SelectMany(fold => fold).Order()];

    /// <summary>At most so many of the rows, in order.</summary>
    public static IReadOnlyList<int> Some(IReadOnlyList<int> rows, int most, ulong seed)
    {
        if (rows.Count <= most)
        {
            return rows;
        }

        int[] drawn = [.. rows];
        Shuffle(drawn, ref seed);
        return [.. drawn.Take(most).Order()];
    }

    private static void Shuffle(int[] rows, ref ulong state)
    {
        for (var i = rows.Length - 1; i > 0; i--)
        {
            var other = (int)Math.BigMul(Next(ref state), (ulong)(i + 1), out _);
            (rows[i], rows[other]) = (rows[other], rows[i]);
        }
    }

    // SplitMix64: G. L. Steele, D. Lea, C. H. Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
    private static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
