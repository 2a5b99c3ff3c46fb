using Spectre.Console;

namespace Crm.Api.Ops;

/// <summary>Shows a person how far long work is: a bar on a terminal, a line every ten percent elsewhere.</summary>
public static class Progress
{
    public static async Task Run(string what, long total, Func<Action<long>, Task> work)
    {
        if (Console.IsErrorRedirected)
        {
            await RunPlainly(what, total, work);
            return;
        }

        await CommandLine.Terminal.Progress().StartAsync(async bars =>
        {
            var bar = bars.AddTask(what, maxValue: Math.Max(total, 1));
            await work(steps => bar.Increment(steps));
            bar.Value = bar.MaxValue;
        });
    }

    private static async Task RunPlainly(string what, long total, Func<Action<long>, Task> work)
    {
        long done = 0;
        long told = -1;
        Console.Error.WriteLine($"{what} …");
        await work(steps =>
        {
            var tenth = 10 * Interlocked.Add(ref done, steps) / Math.Max(total, 1);
            if (Interlocked.Exchange(ref told, tenth) < tenth)
            {
                Console.Error.WriteLine($"{what}: {10 * Math.Min(tenth, 10)} %");
            }
        });
    }
}
