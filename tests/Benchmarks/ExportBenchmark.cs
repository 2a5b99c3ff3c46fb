using System.Diagnostics;
using Crm.EventStore.Histories;
using Crm.Projections;
using Npgsql;

namespace Crm.Benchmarks;

/// <summary>A million rows of a list as a file, and a million events as a folder, against what PostgreSQL can copy out to a client.</summary>
public static class ExportBenchmark
{
    private const int Rounds = 3;
    private const int Rows = 1_000_000;

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        await Lists(ground, figures, ct);
        await History(ground, figures, ct);
    }

    private static async Task Lists(Ground ground, Figures figures, CancellationToken ct)
    {
        var (database, connection) = await ground.NewDatabase(ct);
        figures.Say($"{Rows:N0} rows are laid down");
        await Ground.Fill(database, "listed.sql", ct, ("deals", Rows));
        await Ground.Tidy(database, Catalog.Opportunities, ct);
        var (copies, exports, lines, firsts) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        double small, large;
        await using (var program = await ServedProgram.Start(connection, ct))
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{program.Port}/api/v1/"), Timeout = TimeSpan.FromMinutes(10) };
            http.DefaultRequestHeaders.Authorization = new("Bearer", ServedProgram.Key);
            await Export(http, "opportunities/export?region=small", Rows / 10, ct);
            small = program.PeakMemory / 1048576.0;
            for (var round = 0; round < Rounds; round++)
            {
                copies.Add(await CopyOut(database, "select * from crm.opportunity_list order by tenant_id, opportunity_id", ct));
                var (first, whole) = await Export(http, "opportunities/export", Rows, ct);
                firsts.Add(first);
                exports.Add(whole);
                lines.Add((await Export(http, "opportunities/export?format=ndjson", Rows, ct)).Whole);
                figures.Say($"copy {copies[^1]:N2} s, csv {whole:N2} s, the first of it after {first * 1000:N0} ms, ndjson {lines[^1]:N2} s, {program.PeakMemory / 1048576.0:N0} MiB");
            }

            large = program.PeakMemory / 1048576.0;
            var (_, sorted) = await Export(http, "opportunities/export?sort=-amount,name", Rows, ct);
            figures.Add("export_sorted_seconds", sorted, "< 60", $"sorted by two members, {program.PeakMemory / 1048576.0:N0} MiB");
        }

        await ground.Drop(database, ct);
        figures.Add("export_csv_vs_copy", Figures.Median(copies) / Figures.Median(exports), "≥ 0.1", "a million opportunities over HTTP, all members");
        figures.Add("export_csv_seconds", Figures.Median(exports), "< 60", $"ndjson {Figures.Median(lines):N1} s");
        figures.Add("export_first_ms", Figures.Median(firsts) * 1000, "< 500", "until the first rows are there");
        figures.Add("export_memory_1m_vs_100k", large / small, "≤ 1.3", $"peak of the program: {large:N0} MiB against {small:N0} MiB");
    }

    private static async Task History(Ground ground, Figures figures, CancellationToken ct)
    {
        var (database, _) = await ground.NewDatabase(ct);
        await Ground.Fill(database, "interleaved.sql", ct);
        var folder = Directory.CreateTempSubdirectory("crm-bench-export-").FullName;
        var (copies, exports) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            copies.Add(await CopyOut(database, "select * from public.mt_events order by seq_id", ct));
            exports.Add(await Timed(() => new HistoryExport(database, TimeProvider.System).Write(Path.Combine(folder, $"{round}"), new HistoryWish(), null, ct)));
            figures.Say($"copy {copies[^1]:N2} s, history {exports[^1]:N2} s");
        }

        var (empty, _) = await ground.NewDatabase(ct);
        var load = await Timed(async () => await new HistoryLoad(empty, "told").Run(await HistoryFolder.Open(Path.Combine(folder, "0"), ct), _ => true, null, ct));
        Directory.Delete(folder, recursive: true);
        await ground.Drop(database, ct);
        await ground.Drop(empty, ct);
        figures.Add("export_history_vs_copy", Figures.Median(copies) / Figures.Median(exports), "≥ 0.1", $"a million events in {Figures.Median(exports):N1} s");
        figures.Add("load_events_per_second", Rows / load, "as many as can be", "checked, and put in; read models not counted");
    }

    private static async Task<(double First, double Whole)> Export(HttpClient http, string path, int rows, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var (buffer, found, first) = (new byte[1 << 16], 0, 0.0);
        for (int read; (read = await body.ReadAsync(buffer, ct)) > 0;)
        {
            first = first > 0 ? first : clock.Elapsed.TotalSeconds;
            found += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return found - (path.Contains("ndjson", StringComparison.Ordinal) ? 0 : 1) == rows
            ? (first, clock.Elapsed.TotalSeconds)
            : throw new InvalidOperationException($"{path} gave {found} lines for {rows} rows.");
    }

    private static Task<double> CopyOut(NpgsqlDataSource database, string query, CancellationToken ct) => Timed(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        using var copy = await connection.BeginTextExportAsync($"copy ({query}) to stdout (format csv)", ct);
        for (var buffer = new char[1 << 16]; await copy.ReadAsync(buffer, ct) > 0;)
        {
        }
    });

    private static async Task<double> Timed(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }
}
