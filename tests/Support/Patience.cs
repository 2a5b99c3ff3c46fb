using System.Diagnostics;

namespace Crm.EventStore.Tests.Faults;

/// <summary>Waits that end: what PostgreSQL shows only when asked is asked again until it is so.</summary>
internal static class Patience
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(40);

    /// <summary>How long it took until something was so.</summary>
    public static async Task<TimeSpan> Until(string claim, Func<Task<bool>> isSo, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            clock.Elapsed.ShouldBeLessThan(within ?? Long, $"until {claim}");
            await Task.Delay(10);
        }

        return clock.Elapsed;
    }

    /// <summary>The answer, if it comes in time.</summary>
    public static Task<T> Soon<T>(this Task<T> work) => work.WaitAsync(Long);

    /// <inheritdoc cref="Soon{T}"/>
    public static Task Soon(this Task work) => work.WaitAsync(Long);
}
