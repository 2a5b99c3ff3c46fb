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
    /// <exception cref="InvalidOperationException">In this database everybody may take locks that hold all writers up; an administrator has to see to that first.</exception>
    public async Task Let(string password, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await MustBeHarmless(connection, ct);
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

        // Shut out first, and for good: what follows may fail where the login owns something in another database.
        foreach (var statement in (string[])
        [
            $"alter role \"{Login}\" nologin", $"grant \"{Login}\" to current_user", $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = '{Login}'",
            $"drop owned by \"{Login}\"", $"drop role \"{Login}\""
        ])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(ct);
        }

        return true;
    }

    private static async Task MustBeHarmless(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select coalesce(string_agg(format('revoke execute on function %1$s from public; grant execute on function %1$s to %2$I, crm_append, crm_follow, crm_send, crm_work, crm_marten;',
                                              p.oid::regprocedure, current_user), ' '), '')
            from pg_proc p
            where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^(pg_(try_)?advisory_(xact_)?lock|lo_|lowrite|loread)'
              and has_function_privilege('crm_analyst', p.oid, 'execute')
            """, connection);
        if ((string)(await command.ExecuteScalarAsync(ct))! is { Length: > 0 } revoke)
        {
            throw new InvalidOperationException(
                $"Everybody may take locks in this database, and so could hold up all writers. Have an administrator say in this database, as a superuser: {revoke}");
        }
    }

    private async Task<bool> Exists(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select exists (select from pg_roles where rolname = $1)", connection);
        command.Parameters.AddWithValue(Login);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
