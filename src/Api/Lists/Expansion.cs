using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Npgsql;

namespace Crm.Api.Lists;

/// <summary>Records that a list can give along with its own: one statement for all of a page.</summary>
/// <param name="Name">The member of an answer that holds the record.</param>
/// <param name="By">The field that names it.</param>
/// <param name="Function">What one must be permitted to read such records by themselves.</param>
public abstract record Expansion(string Name, ListField By, RecordList Target, string Function)
{
    internal abstract Task<IReadOnlyDictionary<Guid, JsonNode>> Read(
        IReadOnlyCollection<Guid> ids, Caller by, Seen seen, Unsealer unsealer, NpgsqlConnection connection, CancellationToken ct);
}

/// <inheritdoc/>
public sealed record Expansion<TRow, TAnswer>(string Name, ListField By, RecordList<TRow, TAnswer> Records, string Function)
    : Expansion(Name, By, Records, Function)
    where TRow : class
{
    internal override async Task<IReadOnlyDictionary<Guid, JsonNode>> Read(
        IReadOnlyCollection<Guid> ids, Caller by, Seen seen, Unsealer unsealer, NpgsqlConnection connection, CancellationToken ct)
    {
        var found = new Dictionary<Guid, JsonNode>();
        var trimming = new Trimming(Records, by.Sight, fields: null);
        var rows = await new ListView<TRow>(Records, Records.Rows, by, seen, connection).Of(ids, ct);
        await unsealer.Fetch(by.Tenant, rows.SelectMany(Records.SealedIn), ct);
        foreach (var row in rows)
        {
            found.Add((Guid)Records.Id.Column.Get(row)!, trimming.Json(await Records.Answer(row, unsealer, by.Tenant, ct)));
        }

        return found;
    }
}
