using System.Diagnostics;
using System.Text.Json;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Opportunities;
using Npgsql;

namespace Crm.Benchmarks;

/// <summary>A million events rebuilt into rows and totals, and into one row each, against what PostgreSQL can copy out and in.</summary>
public static class RebuildBenchmark
{
    private const int Rounds = 3;
    private const long Events = 1_000_000;

    /// <summary>Given to this program, it rebuilds once and tells how long it took and what memory it had at most.</summary>
    public const string Child = "rebuild-child";

    public static async Task Run(Ground ground, Figures figures, CancellationToken ct)
    {
        var (database, connection) = await ground.NewDatabase(ct);
        figures.Say("a million events are laid down");
        await Ground.Fill(database, "interleaved.sql", ct);
        var types = await Ground.Ask<long>(database, "select count(distinct type) from public.mt_events", ct);
        var (outs, rebuilds, peaks, ins, logs) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            figures.Say($"rebuild, round {round + 1} of {Rounds}");
            outs.Add(await Timed(() => Ground.Run(database, """
                copy (select seq_id, id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, causation_id, headers, user_name
                      from public.mt_events order by seq_id) to '/dev/null'
                """, ct)));
            var (seconds, peak) = await InChild(connection, "pipeline", ct);
            rebuilds.Add(seconds);
            peaks.Add(peak);
            logs.Add((await InChild(connection, "audit_trail", ct)).Seconds);
            ins.Add(await CopyIn(database, ct));
            figures.Say($"copy out {outs[^1]:N2} s, rebuild {rebuilds[^1]:N2} s with {peak:N0} MiB; copy in {ins[^1]:N2} s, log rebuilt {logs[^1]:N2} s");
        }

        await Check(database, ct);
        await ground.Drop(database, ct);
        figures.Add("rebuild_vs_copy", Figures.Median(outs) / Figures.Median(rebuilds), "≥ 0.333", $"{types} types, checksum equal to a plain fold");
        figures.Add("rebuild_events_per_second", Events / Figures.Median(rebuilds), "as many as can be", "");
        figures.Add("rebuild_peak_mib", peaks.Max(), "< 1,024", "of the rebuilding process");
        figures.Add("history_rebuild_vs_copy_in", Figures.Median(ins) / Figures.Median(logs), "≥ 0.5", "audit_trail, a row an event, four indexes");
    }

    public static async Task Rebuild(string connection, string name, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        var model = Catalog.All.Single(m => m.Name == name);
        var seconds = await Timed(() => new Rebuild(database, model, EventCatalog.Types).Run(Gear.FlatOut, null, ct));
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new Outcome(seconds, self.PeakWorkingSet64 / 1048576.0)));
    }

    private static async Task<Outcome> InChild(string connection, string model, CancellationToken ct)
    {
        using var child = Process.Start(new ProcessStartInfo("dotnet", [typeof(RebuildBenchmark).Assembly.Location, Child, connection, model]) { RedirectStandardOutput = true })!;
        var output = await child.StandardOutput.ReadToEndAsync(ct);
        await child.WaitForExitAsync(ct);
        return JsonSerializer.Deserialize<Outcome>(output)!;
    }

    // The same rows into a table of the same indexes.
    private static async Task<double> CopyIn(NpgsqlDataSource database, CancellationToken ct)
    {
        await Ground.Run(database, """
            copy (select * from crm.audit_trail_v1 order by position) to program 'cat > "$PGDATA"/bench.copy';
            drop table if exists public.bench_copy;
            create table public.bench_copy (like crm.audit_trail_v1 including all);
            """, ct);
        var seconds = await Timed(() => Ground.Run(database, "copy public.bench_copy from program 'cat \"$PGDATA\"/bench.copy'", ct));
        await Ground.Run(database, "drop table public.bench_copy", ct);
        return seconds;
    }

    // Rows and totals against a fold of each stream in plain memory.
    private static async Task Check(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var store = await Store.Open(database, EventCatalog.Types, StoreSettings.Default, ct);
        var rows = new Dictionary<Guid, PipelineBoard.Row?>();
        for (long position = 0; ;)
        {
            var page = await store.ReadOn(position, 10_000, ct);
            if (page.Count == 0)
            {
                break;
            }

            foreach (var e in page.Where(e => e.Data is Domain.Opportunities.IOpportunityEvent))
            {
                rows[e.StreamId] = Catalog.Pipeline.Fold(rows.GetValueOrDefault(e.StreamId), e);
            }

            position = page[^1].Position;
        }

        var folded = rows.Values.Where(r => r is { IsOpened: true }).GroupBy(r => $"{r!.Stage} {r.Status} {r.Team} {r.Rep} {r.Region} {r.Product}")
            .Select(g => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{g.Key} {g.Count()} {g.Sum(r => r!.Amount):F2}")).Order(StringComparer.Ordinal);
        var there = new List<string>();
        await using var command = database.CreateCommand("select concat_ws(' ', stage, status, team, rep, region, product, count, amount::numeric(20, 2)) from crm.pipeline");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            there.Add(reader.GetString(0));
        }

        if (!folded.SequenceEqual(there.Order(StringComparer.Ordinal)) || rows.Count != await Ground.Ask<long>(database, "select count(*) from crm.pipeline_opportunity", ct))
        {
            throw new InvalidOperationException("The rebuilt totals are not those of a plain fold.");
        }
    }

    private static async Task<double> Timed(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }

    private sealed record Outcome(double Seconds, double Peak);
}
