using Npgsql;
using NpgsqlTypes;

namespace Crm.EventStore.Tests.Faults;

/// <summary>Somebody else who writes into the store: a Marten host by its function, or a hand with plain SQL.</summary>
internal sealed class ForeignWriter(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlConnection connection = new(connectionString);

    public async Task<T> Ask<T>(string sql, params object[] arguments)
    {
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await connection.OpenAsync();
        }

        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments)
        {
            command.Parameters.AddWithValue(argument);
        }

        return await command.ExecuteScalarAsync() is T answer ? answer : default!;
    }

    public Task Run(string sql) => Ask<object>(sql);

    public Task<long> Draw() => Ask<long>("select nextval('mt_events_sequence')");

    /// <summary>A new cup under a number that was drawn before, in the order in which Marten writes: the stream, then its event.</summary>
    public async Task Insert(Guid cup, long position, string drink)
    {
        await Ask<object>("insert into mt_streams (tenant_id, id, type, version) values ('acme', $1, 'cup', 1)", cup);
        await InsertEvent(cup, 1, position, drink);
    }

    public Task InsertEvent(Guid cup, long version, long position, string drink) => Ask<object>("""
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, is_archived)
        values ($1, gen_random_uuid(), $2, $3, jsonb_build_object('drink', $4, 'price', 2.50, 'extras', '[]'::jsonb), 'cup_ordered', now(), 'acme', false)
        """, position, cup, version, drink);

    /// <summary>The call that a Marten host makes: in its default mode with times, in <c>EventAppendMode.Quick</c> without.</summary>
    /// <returns>The new version, then the positions.</returns>
    public async Task<long[]> QuickAppend(Guid cup, long? expected, int events, bool withTimes = true)
    {
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await connection.OpenAsync();
        }

        var last = withTimes ? ", $14" : "";
        await using var command = new NpgsqlCommand(
            $"select mt_quick_append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13{last})", connection);
        Add(cup, NpgsqlDbType.Uuid);
        Add("cup", NpgsqlDbType.Varchar);
        Add("acme", NpgsqlDbType.Varchar);
        Add(Each(_ => Guid.CreateVersion7()), NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        Add(Each(_ => "cup_ordered"), NpgsqlDbType.Array | NpgsqlDbType.Varchar);
        Add(Each(_ => "Elsewhere.CupOrdered, Elsewhere"), NpgsqlDbType.Array | NpgsqlDbType.Varchar);
        Add(Each(_ => """{"drink": "matcha", "price": 3.20, "extras": ["oat"]}"""), NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
        Add(Each(_ => (byte[]?)null), NpgsqlDbType.Array | NpgsqlDbType.Bytea);
        Add(Each(_ => (string?)null), NpgsqlDbType.Array | NpgsqlDbType.Varchar);
        Add(Each(_ => (string?)"flow-1"), NpgsqlDbType.Array | NpgsqlDbType.Varchar);
        Add(Each(_ => "null"), NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
        Add(Each(_ => (string?)"marten"), NpgsqlDbType.Array | NpgsqlDbType.Varchar);
        if (withTimes)
        {
            Add(Each(_ => DateTime.UtcNow.AddDays(-1)), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);
        }

        Add((object?)expected ?? DBNull.Value, NpgsqlDbType.Bigint);
        return (long[])(await command.ExecuteScalarAsync())!;

        T[] Each<T>(Func<int, T> make) => [.. Enumerable.Range(0, events).Select(make)];

        void Add(object value, NpgsqlDbType type) => command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
