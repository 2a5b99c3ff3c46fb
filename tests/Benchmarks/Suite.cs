namespace Crm.Benchmarks;

/// <summary>All that can be measured, by name.</summary>
public static class Suite
{
    public const string Growth = "growth";

    private static readonly IReadOnlyDictionary<string, Benchmark> Benchmarks = new Dictionary<string, Benchmark>
    {
        ["append"] = new(AppendBenchmark.Run, "append32_vs_floor", "append256_vs_floor", "append32_p99_vs_floor"),
        ["http"] = new(Http, "http_vs_floor", "http_writes_with_vs_without", "http_reads_with_vs_without"),
        ["neighbour"] = new(NeighbourBenchmark.Run, "quiet_p50_beside_vs_alone", "quiet_p99_beside_vs_alone"),
        ["lag"] = new(LagBenchmark.Run, "lag_p99_ms"),
        ["deadlines"] = new(DeadlineBenchmark.Run, "deadlines_p99_ms", "deadlines_max_ms", "deadlines_p99_vs_floor", "deadlines_idle_percent", "deadlines_idle_database_percent"),
        ["rebuild"] = new(RebuildBenchmark.Run, "rebuild_vs_copy", "rebuild_events_per_second", "rebuild_peak_mib", "history_rebuild_vs_copy_in"),
        ["past"] = new(PastBenchmark.Run, "pipeline100k_vs_constant", "pipeline1m_vs_100k", "asof1m_p95_ms"),
        ["overview"] = new(OverviewBenchmark.Run, "overview_p95_ms", "overview_past_p95_ms", "overview_vs_plain"),
        ["export"] = new(
            ExportBenchmark.Run, "export_csv_vs_copy", "export_csv_seconds", "export_sorted_seconds", "export_first_ms", "export_memory_1m_vs_100k", "export_history_vs_copy", "load_events_per_second"),
        [Growth] = new(GrowthBenchmark.Run, "growth_append", "growth_read")
    };

    public static IReadOnlyList<string> Names => [.. Benchmarks.Keys, "all"];

    public static async Task Run(IReadOnlyList<string> names, Figures figures, CancellationToken ct)
    {
        figures.Say($"{Environment.ProcessorCount} processors, .NET {Environment.Version}; PostgreSQL with the product's own settings, fsync on");
        await using var ground = await Ground.Open(ct);
        foreach (var name in names.Contains("all") ? Benchmarks.Keys.Where(n => n != Growth || names.Contains(Growth)) : names)
        {
            var (run, keys) = Benchmarks[name];
            try
            {
                await run(ground, figures, ct);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                figures.Say($"{name}: {error}");
                foreach (var key in keys.Where(key => !figures.Has(key)))
                {
                    figures.Add(key, null, "figures that count", error.Message);
                }
            }
        }
    }

    private static async Task Http(Ground ground, Figures figures, CancellationToken ct)
    {
        await HttpBenchmark.Run(ground, figures, ct);
        await AccessBenchmark.Run(ground, figures, ct);
    }

    private sealed record Benchmark(Func<Ground, Figures, CancellationToken, Task> Run, params string[] Keys);
}
