namespace Crm.Benchmarks;

/// <summary>All that can be measured, by name.</summary>
public static class Suite
{
    public static readonly IReadOnlyDictionary<string, Func<Ground, Figures, CancellationToken, Task>> All = new Dictionary<string, Func<Ground, Figures, CancellationToken, Task>>
    {
        ["append"] = AppendBenchmark.Run,
        ["http"] = HttpBenchmark.Run,
        ["lag"] = LagBenchmark.Run,
        ["rebuild"] = RebuildBenchmark.Run,
        ["past"] = PastBenchmark.Run
    };

    public static async Task Run(IReadOnlyList<string> names, Figures figures, CancellationToken ct)
    {
        figures.Say($"{Environment.ProcessorCount} processors, .NET {Environment.Version}; PostgreSQL with the product's own settings, fsync on");
        await using var ground = await Ground.Open(ct);
        foreach (var name in names.Contains("all") ? All.Keys : names)
        {
            await (name == "growth" ? GrowthBenchmark.Run(ground, figures, ct) : All[name](ground, figures, ct));
        }
    }
}
