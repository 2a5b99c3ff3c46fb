using System.Diagnostics;

namespace Crm.Benchmarks;

/// <summary>Several who ask at once, each on a connection of its own, one thing after another.</summary>
internal static class Callers
{
    /// <param name="work">What each does for as long as it is told to go on; answers how often it did it.</param>
    public static async Task<(long Done, double Rate)> Rate(int callers, double seconds, Func<int, Func<bool>, Task<long>> work)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(c => Task.Run(() => work(c, () => clock.Elapsed.TotalSeconds < seconds))));
        return (counts.Sum(), counts.Sum() / clock.Elapsed.TotalSeconds);
    }
}
