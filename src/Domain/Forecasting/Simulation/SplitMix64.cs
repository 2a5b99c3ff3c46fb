namespace Crm.Domain.Forecasting;

/// <summary>
/// Random numbers that are the same anywhere: a counter that goes up by the golden ratio, and a finalizer (Steele, Lea and Flood, Fast Splittable
/// Pseudorandom Number Generators, OOPSLA 2014, figures 13 and 16 with the constants of the variant 13 of Stafford). Whole numbers alone.
/// </summary>
public struct SplitMix64(long seed)
{
    private ulong state = unchecked((ulong)seed);

    public ulong Next()
    {
        unchecked
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
