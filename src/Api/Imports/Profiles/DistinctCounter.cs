using System.Numerics;

namespace Crm.Api.Imports.Profiles;

/// <summary>Counts different values: exactly up to a bound, and from there on by an estimate (HyperLogLog) that is off by one or two hundredths.</summary>
internal sealed class DistinctCounter(DistinctBudget budget)
{
    private const int Bits = 14;

    private readonly byte[] registers = new byte[1 << Bits];
    private HashSet<ulong>? seen = [];

    /// <summary>Values that were there before, while they are counted exactly.</summary>
    public long Repeated { get; private set; }

    public bool IsExact => seen is not null;

    public long Count => seen?.Count ?? Estimate();

    /// <summary>The values as numbers that stand for them; null when there are too many.</summary>
    public IReadOnlySet<ulong>? Values => seen;

    public static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        // The bits of what was multiplied last hardly mix; these shifts do.
        hash = (hash ^ hash >> 33) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53UL;
        return hash ^ hash >> 33;
    }

    public void Add(ulong hash)
    {
        var register = (int)(hash >> 64 - Bits);
        registers[register] = Math.Max(registers[register], (byte)(BitOperations.LeadingZeroCount(hash << Bits | 1UL << Bits - 1) + 1));
        if (seen is null)
        {
            return;
        }

        if (!seen.Add(hash))
        {
            Repeated++;
        }
        else if (!budget.Take())
        {
            budget.GiveBack(seen.Count - 1);
            seen = null;
        }
    }

    private long Estimate()
    {
        var count = registers.Length;
        var raw = 0.7213 / (1 + 1.079 / count) * count * count / registers.Sum(rank => Math.Pow(2, -rank));
        return (long)Math.Round(raw);
    }
}

/// <summary>How many values all counters of a file together may keep; who cannot keep one more gives back all of his.</summary>
internal sealed class DistinctBudget(long left)
{
    public bool Take() => left > 0 && left-- > 0;

    public void GiveBack(long values) => left += values;
}
