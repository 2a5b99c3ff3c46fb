using Npgsql;

namespace Crm.EventStore;

/// <summary>
/// The database login of a tenant's analysts: it reads that tenant's read models and nothing else. Logins belong to the whole server.
/// </summary>
/// <param name="tenant">1 to 40 of a-z, 0-9 and '-'.</param>
public sealed class Analysts(NpgsqlDataSource database, string tenant)
{
    public string Login { get; } = $"crm_analyst_{tenant}";

    /// <summary>Makes the login, or gives it another password where it is there.</summary>
    /// <exception cref="PostgresException">The program's own role may not make roles.</exception>
    public async Task Let(string password, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await Exists(connection, ct))
        {
            await Run("create role %I login nosuperuser nobypassrls nocreatedb nocreaterole connection limit 10");
        }

        await Run("alter role %I login password %L", password);
        await Run("alter role %I set default_transaction_read_only = on");
        await Run("alter role %I set statement_timeout = '5min'");
        await Run("alter role %I set idle_in_transaction_session_timeout = '5min'");
        await Run("alter role %I set search_path = crm");
        await Run("grant crm_analyst to %I");
        await transaction.CommitAsync(ct);

        // Statements about roles take no parameters, so PostgreSQL itself puts the names in.
        async Task Run(string statement, string? text = null)
        {
            await using var format = new NpgsqlCommand("select format($1, $2, $3)", connection);
            format.Parameters.AddWithValue(statement);
            format.Parameters.AddWithValue(Login);
            format.Parameters.AddWithValue(text ?? "");
            await using var command = new NpgsqlCommand((string)(await format.ExecuteScalarAsync(ct))!, connection);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Takes the login away, and ends what it is doing. False where there was none.</summary>
    public async Task<bool> Forget(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (!await Exists(connection, ct))
        {
            return false;
        }

        await using var command = new NpgsqlCommand($"""
            alter role "{Login}" nologin;
            select pg_terminate_backend(pid) from pg_stat_activity where usename = '{Login}';
            drop role "{Login}";
            """, connection);
        await command.ExecuteNonQueryAsync(ct);
        return true;
    }

    private async Task<bool> Exists(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select exists (select from pg_roles where rolname = $1)", connection);
        command.Parameters.AddWithValue(Login);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
