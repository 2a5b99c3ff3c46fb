using Npgsql;

namespace Crm.EventStore;

/// <summary>
/// Brings a database to the shape that this program needs. Scripts are expand-then-contract and may be run again at any time; they are run by
/// the migrate verb, and at start only on an empty or embedded database.
/// </summary>
public static class Migrator
{
    private static readonly string[] Scripts =
    [
        "streams", "events", "progression", "lane", "claims", "idempotency", "person_keys", "read_models", "rebuild", "api_key_use", "webhooks", "jobs", "contents", "automations", "messages",
        "guard", "quick_append", "mark_progression", "archive_stream", "position_at", "play", "append", "roles"
    ];

    /// <summary>Runs all scripts in one transaction; several migrating programs take turns.</summary>
    public static async Task Migrate(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Run("select pg_advisory_xact_lock(4715926535897932385)");
        foreach (var script in Scripts)
        {
            await Run(Text(script));
        }

        await transaction.CommitAsync(ct);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Whether the tables are there.</summary>
    public static async Task<bool> IsMigrated(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select to_regclass('crm.lane') is not null and to_regclass('public.mt_events') is not null");
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    internal static string Text(string script)
    {
        using var stream = typeof(Migrator).Assembly.GetManifestResourceStream($"Crm.EventStore.Schema.{script}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
