using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.Local;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Benchmarks;

/// <summary>A private PostgreSQL with the product's own settings (fsync on), and what is measured on it.</summary>
public sealed partial class Ground : IAsyncDisposable
{
    private readonly LocalPostgres server;
    private readonly string folder;
    private int databases;

    private Ground(LocalPostgres server, string folder) => (this.server, this.folder) = (server, folder);

    public static async Task<Ground> Open(CancellationToken ct)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"crm-bench-{Environment.ProcessId}");
        return new Ground(await LocalPostgres.Start(new LocalPostgresSettings(folder), say: null, ct), folder);
    }

    /// <summary>A migrated database of its own, empty of events, and its connection string.</summary>
    public async Task<(NpgsqlDataSource Database, string Connection)> NewDatabase(CancellationToken ct)
    {
        var name = $"bench_{++databases}";
        await using (var make = NpgsqlDataSource.Create(server.ConnectionString))
        await using (var command = make.CreateCommand($"create database {name}"))
        {
            await command.ExecuteNonQueryAsync(ct);
        }

        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, Options = "-c jit=off", MaxAutoPrepare = 64 }.ConnectionString;
        var database = NpgsqlDataSource.Create(connection);
        await Migrator.Migrate(database, ct);
        await new ReadModelSet(database, Catalog.All).Create(ct);
        return (database, connection);
    }

    public async Task Drop(NpgsqlDataSource database, CancellationToken ct)
    {
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        await database.DisposeAsync();
        await using var make = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = make.CreateCommand($"drop database {name} with (force)");
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Has PostgreSQL clear up and count what is in the tables of a read model.</summary>
    public static Task Tidy(NpgsqlDataSource database, ReadModel model, CancellationToken ct) =>
        Run(database, string.Join("; ", ModelTables.Of(model).Names.Select(table => $"vacuum analyze crm.{table}")), ct);

    /// <summary>Runs a script of Data, and tells the lane what is there then.</summary>
    public static async Task Fill(NpgsqlDataSource database, string script, CancellationToken ct, params IReadOnlyList<(string Name, long Value)> values)
    {
        var sql = values.Aggregate(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", script), ct),
            (text, value) => text.Replace($"{{{value.Name}}}", value.Value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await Run(database, $"""
            set synchronous_commit = off; set work_mem = '256MB'; set crm.lane_held = 'yes'; set session_replication_role = replica;
            {sql}
            set session_replication_role = origin;
            select setval('public.mt_events_sequence', (select max(seq_id) from public.mt_events));
            update crm.lane set position = (select max(seq_id) from public.mt_events), stamp = (select max(timestamp) from public.mt_events);
            """, ct);
        await Run(database, "vacuum analyze public.mt_events; vacuum analyze public.mt_streams;", ct);
        await Run(database, "checkpoint", ct);
    }

    public static async Task Run(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        foreach (var part in sql.StartsWith("vacuum", StringComparison.Ordinal) ? sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [sql])
        {
            await using var command = database.CreateCommand(part);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    public static async Task<T> Ask<T>(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Transactions a second and their mean latency, of a script of Floor by 32 clients of pgbench.</summary>
    public static async Task<(double Rate, double Milliseconds)> Floor(string connection, string script, int seconds, CancellationToken ct)
    {
        var to = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(Binary("pgbench"), [
            "-n", "-M", "prepared", "-c", "32", "-j", "2", "-T", $"{seconds}", "-f", Path.Combine(AppContext.BaseDirectory, "Floor", script),
            "-h", to.Host!, "-p", $"{to.Port}", "-U", to.Username!, to.Database!])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGPASSWORD"] = to.Password;
        using var pgbench = Process.Start(start)!;
        var (output, errors) = (pgbench.StandardOutput.ReadToEndAsync(ct), pgbench.StandardError.ReadToEndAsync(ct));
        await pgbench.WaitForExitAsync(ct);
        var rate = Rate().Match(await output);
        return rate.Success && pgbench.ExitCode == 0
            ? (Number(rate), Number(Latency().Match(await output)))
            : throw new InvalidOperationException($"pgbench: {await errors}");

        static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static string Binary(string name) =>
        Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin", name)).Append(Path.Combine("/usr/bin", name)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"The floor is measured with {name}, which is not here; install Debian's postgresql-contrib or the like.");

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"latency average = ([\d.]+) ms")]
    private static partial Regex Latency();
}
