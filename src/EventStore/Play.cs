using Npgsql;

namespace Crm.EventStore;

/// <summary>
/// A made-up past, told to a store that was empty: until it ends, facts bring the time of their recording. It ends for good when it is ended, and
/// with the first fact that is recorded now, whoever writes it. crm.append itself refuses a time from outside at any other moment.
/// </summary>
public sealed class Play(NpgsqlDataSource database)
{
    /// <summary>Begins it, or goes on with one that was cut off. Answers up to when is played; null: this is no empty store.</summary>
    /// <param name="until">Up to when, not after now; one that was begun keeps what it was begun with.</param>
    public async Task<DateTimeOffset?> Begin(DateTimeOffset until, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select crm.begin_play($1)");
        command.Parameters.AddWithValue(until.ToUniversalTime());
        return await command.ExecuteScalarAsync(ct) is DateTime moment ? new DateTimeOffset(moment) : null;
    }

    public async Task End(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select crm.end_play()");
        await command.ExecuteNonQueryAsync(ct);
    }
}
