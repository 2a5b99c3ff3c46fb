using Npgsql;

namespace Crm.Faults.Tests;

/// <summary>Another writer, with plain SQL, that draws its number first and writes later.</summary>
internal sealed class ByHand : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private NpgsqlTransaction transaction;
    private long number;

    private ByHand(NpgsqlConnection connection, NpgsqlTransaction transaction) => (this.connection, this.transaction) = (connection, transaction);

    /// <summary>Opens a transaction and draws a number in it.</summary>
    public static async Task<ByHand> Begin(Office office)
    {
        var connection = await office.Database.OpenConnectionAsync();
        var hand = new ByHand(connection, await connection.BeginTransactionAsync());
        hand.number = (long)(await hand.Tell("select nextval('mt_events_sequence')"))!;
        return hand;
    }

    /// <summary>A new lead under the number that was drawn.</summary>
    public async Task<Guid> Capture(string company)
    {
        var lead = Guid.CreateVersion7();
        await Tell("insert into mt_streams (tenant_id, id, type, version) select tenant_id, $1, 'lead', 1 from mt_streams limit 1", lead);
        await Insert(lead, 1, "lead_captured", $$"""{"source": "hand", "company": "{{company}}"}""");
        return lead;
    }

    /// <summary>One more event of a lead, under a new number.</summary>
    public async Task Touch(Guid lead, long version, string data)
    {
        number = (long)(await Tell("select nextval('mt_events_sequence')"))!;
        await Tell("update mt_streams set version = $2 where id = $1", lead, version);
        await Insert(lead, version, "lead_touched", data);
    }

    /// <summary>What a writer does who was told to try again.</summary>
    public async Task<Guid> Again(string company, bool commit = true)
    {
        await transaction.RollbackAsync();
        transaction = await connection.BeginTransactionAsync();
        await Tell("select pg_advisory_xact_lock(crm.lane_key())");
        number = (long)(await Tell("select nextval('mt_events_sequence')"))!;
        var lead = await Capture(company);
        if (commit)
        {
            await Commit();
        }

        return lead;
    }

    public Task Commit() => transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private Task Insert(Guid lead, long version, string type, string data) => Tell("""
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, user_name, is_archived)
        select $1, gen_random_uuid(), $2, $3, $4::jsonb, $5, now(), tenant_id, 'by hand', false from mt_streams where id = $2
        """, number, lead, version, data, type);

    private async Task<object?> Tell(string sql, params object[] arguments)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var argument in arguments)
        {
            command.Parameters.AddWithValue(argument);
        }

        return await command.ExecuteScalarAsync();
    }
}
