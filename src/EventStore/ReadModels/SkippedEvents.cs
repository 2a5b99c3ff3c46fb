using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>The events that an operator told a read model to pass over.</summary>
internal static class SkippedEvents
{
    public static async Task<HashSet<long>> Of(ReadModel model, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select position from crm.read_model_skip where name = $1", connection);
        command.Parameters.AddWithValue(model.Progress);
        var skipped = new HashSet<long>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            skipped.Add(reader.GetInt64(0));
        }

        return skipped;
    }
}
