using System.Diagnostics;

namespace Crm.Support;

/// <summary>Waits that end: what PostgreSQL shows only when asked is asked again until it is so.</summary>
public static class Patience
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(40);

    /// <summary>How long it took until something was so.</summary>
    /// <exception cref="TimeoutException">It did not come about in time.</exception>
    public static async Task<TimeSpan> Until(string claim, Func<Task<bool>> isSo, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (clock.Elapsed > (within ?? Long))
            {
                throw new TimeoutException($"{clock.Elapsed.TotalSeconds:0.0} s were not enough until {claim}.");
            }

            await Task.Delay(10);
        }

        return clock.Elapsed;
    }

    /// <inheritdoc cref="Until(string, Func{Task{bool}}, TimeSpan?)"/>
    public static Task<TimeSpan> Until(string claim, Func<bool> isSo, TimeSpan? within = null) => Until(claim, () => Task.FromResult(isSo()), within);

    /// <summary>The answer, if it comes in time.</summary>
    public static Task<T> Soon<T>(this Task<T> work) => work.WaitAsync(Long);

    /// <inheritdoc cref="Soon{T}"/>
    public static Task Soon(this Task work) => work.WaitAsync(Long);
}
