using System.Collections.Concurrent;
using Crm.EventStore.ReadModels;
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

    /// <summary>The same for work that goes through phases, each with a measure of its own.</summary>
    public static async Task Phases(Func<IProgress<RebuildProgress>, Task> work)
    {
        if (Console.IsErrorRedirected)
        {
            await work(new Lines());
            return;
        }

        await CommandLine.Terminal.Progress().StartAsync(async bars => await work(new Bars(bars)));
    }

    private sealed class Bars(ProgressContext bars) : IProgress<RebuildProgress>
    {
        private readonly ConcurrentDictionary<string, Lazy<ProgressTask>> phases = new();

        public void Report(RebuildProgress value)
        {
            var bar = phases.GetOrAdd(value.Phase, phase => new(() => bars.AddTask(phase))).Value;
            bar.MaxValue = Math.Max(value.Total, 1);
            bar.Value = value.Done;
        }
    }

    private sealed class Lines : IProgress<RebuildProgress>
    {
        private string told = "";

        public void Report(RebuildProgress value)
        {
            var line = $"{value.Phase}: {10 * (10 * value.Done / Math.Max(value.Total, 1))} %";
            if (Interlocked.Exchange(ref told, line) != line)
            {
                Console.Error.WriteLine(line);
            }
        }
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
