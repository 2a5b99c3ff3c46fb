using System.Runtime.CompilerServices;
using Crm.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Api.Imports.Runs;

/// <summary>An import as it was set up.</summary>
/// <param name="Mapping">As it was sent; null until then.</param>
/// <param name="BeganAt">The position before its first event; null until it runs.</param>
internal sealed record Import(Guid Id, string Name, string? Mapping, string MadeBy, DateTimeOffset MadeAt, long? BeganAt)
{
    /// <summary>By what its events are known: their request.</summary>
    public string Run => RunOf(Id);

    public static string RunOf(Guid import) => $"import-{import:N}";
}

/// <summary>What became of one row.</summary>
/// <param name="Record">The record that it is about.</param>
internal sealed record RowResult(
    string Kind, string File, int Line, RowState State, Guid? Record, string Key, string? Reason, string? Message, string? Field, IReadOnlyList<string> Notes, int Events);

/// <summary>Whether a row was taken, and what it did: made a record, told of a lead that was known, said more of a record, or nothing new.</summary>
public enum RowState { Created, Attached, Continued, Unchanged, Failed }

/// <param name="Rows">How many rows of a kind came to this.</param>
internal sealed record RowCount(string Kind, RowState State, string? Reason, long Rows, long Events);

/// <summary>Imports, and what became of each row of their files. A row is written down once.</summary>
internal sealed class ImportTable(Engine engine)
{
    private const string Columns = "import_id, name, mapping, made_by, made_at, began_at";
    private const string RowColumns = "kind, file, line, state, record_id, key, reason, message, field, notes, events";

    private const int PageSize = 1000;

    private readonly NpgsqlDataSource workers = engine.Workers;
    private readonly TenantReader reader = engine.Store.Reader;

    public async Task Make(string tenant, Guid id, string name, string by, CancellationToken ct)
    {
        await using var command = Command("insert into crm.import (tenant_id, import_id, name, made_by) values ($1, $2, $3, $4)", tenant, id, name, by);
        await command.ExecuteNonQueryAsync(ct);
    }

    public Task<Import?> Find(string tenant, Guid id, CancellationToken ct) =>
        reader.One(tenant, $"select {Columns} from crm.import where tenant_id = $1 and import_id = $2", [tenant, id], Read, ct);

    /// <summary>The newest first.</summary>
    /// <param name="before">The last of the page before; <see cref="Guid.AllBitsSet"/> for the first page.</param>
    public Task<IReadOnlyList<Import>> Page(string tenant, Guid before, int limit, CancellationToken ct) => reader.Read<IReadOnlyList<Import>>(
        tenant, $"select {Columns} from crm.import where tenant_id = $1 and import_id < $2 order by import_id desc limit $3", [tenant, before, limit], async found =>
        {
            var imports = new List<Import>();
            while (await found.ReadAsync(ct))
            {
                imports.Add(Read(found));
            }

            return imports;
        }, ct);

    public async Task Map(string tenant, Guid id, string mapping, CancellationToken ct)
    {
        await using var command = Command("update crm.import set mapping = $3 where tenant_id = $1 and import_id = $2", tenant, id, mapping);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Writes down where in the log it begins, the first time.</summary>
    public async Task<long> Begin(string tenant, Guid id, long position, CancellationToken ct)
    {
        await using var command = Command("""
            update crm.import set began_at = coalesce(began_at, $3) where tenant_id = $1 and import_id = $2 returning began_at
            """, tenant, id, position);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    // Reasons are codes, so they go as lines of one text: an array of lists of unequal length there is not.
    public async Task Add(string tenant, Guid id, IReadOnlyList<RowResult> rows, CancellationToken ct)
    {
        await using var command = Command($"""
            insert into crm.import_row (tenant_id, import_id, {RowColumns})
            select $1, $2, kind, file, line, state, record_id, key, reason, message, field, string_to_array(notes, E'\n'), events
            from unnest($3, $4, $5, $6, $7::uuid[], $8, $9::text[], $10::text[], $11::text[], $12, $13)
                as v (kind, file, line, state, record_id, key, reason, message, field, notes, events)
            on conflict do nothing
            """, tenant, id, All(row => row.Kind), All(row => row.File), All(row => row.Line), All(row => Http.Shapes.ChoiceShape.Spell(row.State.ToString())),
            All(row => row.Record), All(row => row.Key), All(row => row.Reason), All(row => row.Message), All(row => row.Field),
            All(row => string.Join('\n', row.Notes)), All(row => row.Events));
        await command.ExecuteNonQueryAsync(ct);

        T[] All<T>(Func<RowResult, T> of) => [.. rows.Select(of)];
    }

    /// <summary>The lines of a kind that are done.</summary>
    public Task<HashSet<int>> Done(string tenant, Guid id, string kind, CancellationToken ct) => reader.Read(
        tenant, "select line from crm.import_row where tenant_id = $1 and import_id = $2 and kind = $3", [tenant, id, kind], async found =>
        {
            var lines = new HashSet<int>();
            while (await found.ReadAsync(ct))
            {
                lines.Add(found.GetInt32(0));
            }

            return lines;
        }, ct);

    public Task<IReadOnlyList<RowCount>> Counts(string tenant, Guid id, CancellationToken ct) => reader.Read<IReadOnlyList<RowCount>>(
        tenant, """
            select kind, state, reason, count(*), coalesce(sum(events), 0)::bigint from crm.import_row where tenant_id = $1 and import_id = $2
            group by kind, state, reason order by kind, state, reason
            """, [tenant, id], async found =>
        {
            var counts = new List<RowCount>();
            while (await found.ReadAsync(ct))
            {
                counts.Add(new RowCount(found.GetString(0), StateOf(found.GetString(1)), Optional(found, 2), found.GetInt64(3), found.GetInt64(4)));
            }

            return counts;
        }, ct);

    /// <summary>The rows of a kind, taken or failed, in the order of the file, without holding all of them, nor a connection while somebody reads them.</summary>
    public async IAsyncEnumerable<RowResult> Rows(string tenant, Guid id, string kind, bool failed, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = 0; ;)
        {
            var page = await Page(tenant, id, kind, failed, after, ct);
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = page[^1].Line;
        }
    }

    private Task<List<RowResult>> Page(string tenant, Guid id, string kind, bool failed, int after, CancellationToken ct) => reader.Read(tenant, $"""
        select {RowColumns} from crm.import_row
        where tenant_id = $1 and import_id = $2 and kind = $3 and (state = 'failed') = $4 and line > $5 order by line limit {PageSize}
        """, [tenant, id, kind, failed, after], async found =>
        {
            var rows = new List<RowResult>();
            while (await found.ReadAsync(ct))
            {
                rows.Add(new RowResult(
                    found.GetString(0), found.GetString(1), found.GetInt32(2), StateOf(found.GetString(3)), found.IsDBNull(4) ? null : found.GetGuid(4), found.GetString(5),
                    Optional(found, 6), Optional(found, 7), Optional(found, 8), found.GetFieldValue<string[]>(9), found.GetInt32(10)));
            }

            return rows;
        }, ct);

    private NpgsqlCommand Command(string sql, params object[] parameters)
    {
        var command = workers.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.AddWithValue(value);
        }

        return command;
    }

    private static Import Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), Optional(row, 2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4), row.IsDBNull(5) ? null : row.GetInt64(5));

    private static RowState StateOf(string text) => Enum.Parse<RowState>(text, ignoreCase: true);

    private static string? Optional(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
