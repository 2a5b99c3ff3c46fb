using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>The statements that write what came of a page of events, set-wise; they are sent together.</summary>
internal sealed class PageWriter(ModelTables tables)
{
    // Of a log.
    private readonly IReadOnlyList<(RowColumn Column, SqlType Type)> key = [.. tables.Model.LogKey.Select(name => tables.RowColumns.Single(c => c.Column.Name == name))];

    // A row that is there already gives way to the new one.
    private readonly string replace = $"""
        on conflict (tenant_id, {tables.Id}) do update set {string.Join(", ",
            (string[])[.. tables.Shape.Columns.Skip(1).Select(c => Taken(c.Name)), Taken("facts_until"), Taken("version"), Taken("position")])}
        """;

    /// <summary>Moves the position, provided that it stands where it was thought to; the number of rows says so.</summary>
    public NpgsqlBatchCommand Advance(long from, long to) => new("""
        update public.mt_event_progression set last_seq_id = $3, last_updated = clock_timestamp() where name = $1 and last_seq_id = $2
        """)
    {
        Parameters = { new NpgsqlParameter { Value = tables.Progress }, new NpgsqlParameter { Value = from }, new NpgsqlParameter { Value = to } }
    };

    /// <summary>The kept rows of these streams; see <see cref="Folds"/>.</summary>
    public NpgsqlBatchCommand Load(IReadOnlyCollection<(string Tenant, Guid Stream)> streams) => new($"""
        select t.tenant_id, t.facts_until, t.version, t.position, {string.Join(", ", tables.Shape.Columns.Select(c => $"t.{c.Name}"))}
        from unnest($1, $2) as s (tenant_id, stream_id)
        join {tables.Rows} t on t.tenant_id = s.tenant_id and t.{tables.Id} = s.stream_id
        """)
    {
        Parameters = { Tenants(streams.Select(s => s.Tenant)), Streams(streams.Select(s => s.Stream)) }
    };

    /// <summary>The rows that <see cref="Load"/> found, resumed as folds.</summary>
    public async Task<Dictionary<(string, Guid), StreamFold>> Folds(NpgsqlDataReader reader, EventTypes types, CancellationToken ct)
    {
        var folds = new Dictionary<(string, Guid), StreamFold>();
        while (await reader.ReadAsync(ct))
        {
            var row = tables.Shape.Make([.. tables.RowColumns.Select((c, i) => reader.IsDBNull(i + 4) ? null : c.Type.FromDb(reader.GetValue(i + 4)))]);
            var fold = new StreamFold(tables.Model, tables.Shape, types);
            fold.Resume(row, reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(2), reader.GetInt64(3));
            folds.Add((reader.GetString(0), (Guid)tables.Shape.Columns[0].Get(row)!), fold);
        }

        return folds;
    }

    /// <summary>Rows as they came out, and none where there is none any more.</summary>
    public IEnumerable<NpgsqlBatchCommand> Rows(IReadOnlyDictionary<(string Tenant, Guid Stream), StreamFold> folds)
    {
        var gone = folds.Where(f => f.Value.Row is null).Select(f => f.Key).ToList();
        if (gone.Count > 0)
        {
            yield return new NpgsqlBatchCommand($"""
                delete from {tables.Rows} t using unnest($1, $2) as s (tenant_id, stream_id)
                where t.tenant_id = s.tenant_id and t.{tables.Id} = s.stream_id
                """)
            { Parameters = { Tenants(gone.Select(s => s.Tenant)), Streams(gone.Select(s => s.Stream)) } };
        }

        var kept = folds.Where(f => f.Value.Row is not null).Select(f => new KeptRow(f.Key.Tenant, f.Value)).ToList();
        if (kept.Count > 0)
        {
            yield return tables.Inserts.Rows.Statement(kept, replace);
        }
    }

    /// <summary>Adds the rows of a set that are not in it yet.</summary>
    // In the order of their key, so that neighbours go to one page of its index; and looked up first, since a row that may meet another costs PostgreSQL
    // more than twice as much. Nobody else adds to the table: whoever moves the position holds it.
    public NpgsqlBatchCommand Members(IEnumerable<Recorded> events)
    {
        var rows = events.SelectMany(tables.Given).Distinct().OrderBy(row => row.Tenant, StringComparer.Ordinal);
        foreach (var (column, _) in key)
        {
            rows = rows.ThenBy(row => column.Get(row.Row), KeyOrder.Instance);
        }

        return tables.Inserts.Log.Statement([.. rows], $"""
            where not exists (select from {tables.Rows} k where k.tenant_id = v.tenant_id
                              {string.Join(' ', key.Select(c => $"and k.{c.Column.Name} = v.{c.Column.Name}::{c.Type.Name}"))})
            """);
    }

    /// <summary>Adds states to the history, and ends the knowledge of those that a later event showed to be otherwise.</summary>
    public IEnumerable<NpgsqlBatchCommand> History(HistoryDraft draft)
    {
        if (draft.Closed is { Count: > 0 } closed)
        {
            yield return new NpgsqlBatchCommand($"""
                update {tables.History} h set to_position = c.position
                from unnest($1, $2, $3, $4, $5) as c (tenant_id, stream_id, at, version, position)
                where h.tenant_id = c.tenant_id and h.{tables.Id} = c.stream_id and h.at = c.at and h.version = c.version
                  and h.to_position is null
                """)
            {
                Parameters =
                {
                    Tenants(closed.Select(e => e.Tenant)), Streams(closed.Select(e => e.Stream)),
                    new NpgsqlParameter { Value = closed.Select(e => e.State.At.ToUniversalTime()).ToArray() },
                    new NpgsqlParameter { Value = closed.Select(e => e.State.Version).ToArray() },
                    new NpgsqlParameter { Value = closed.Select(e => e.Position).ToArray() }
                }
            };
        }

        if (draft.Opened is { Count: > 0 } opened)
        {
            yield return tables.Inserts.History.Statement(opened);
        }
    }

    /// <summary>Adds changes of totals, and to the totals of now what they come to.</summary>
    public IEnumerable<NpgsqlBatchCommand> Changes(Totals totals, IReadOnlyList<OwnChange> changes)
    {
        if (changes.Count == 0)
        {
            yield break;
        }

        yield return tables.Inserts.Changes[totals].Statement(changes);
        var net = changes.GroupBy(c => (c.Tenant, c.Change.Group))
            .Select(g => new OwnChange(g.Key.Tenant, g.First().Change with { Count = g.Sum(c => c.Change.Count), Amount = g.Sum(c => c.Change.Amount) }))
            .Where(g => g.Change.Count != 0 || g.Change.Amount != 0).ToList();
        if (net.Count > 0)
        {
            var key = string.Join(", ", RowShape.Of(totals.GroupType).Columns.Select(c => c.Name));
            yield return tables.Inserts.Totals[totals].Statement(
                net, $"on conflict (tenant_id, {key}) do update set count = t.count + excluded.count, amount = t.amount + excluded.amount");
            yield return new NpgsqlBatchCommand($"delete from {tables.TotalsTable(totals)} where count = 0 and amount = 0");
        }
    }

    private static string Taken(string column) => $"{column} = excluded.{column}";

    private static NpgsqlParameter Tenants(IEnumerable<string> tenants) => new() { Value = tenants.ToArray() };

    private static NpgsqlParameter Streams(IEnumerable<Guid> streams) => new() { Value = streams.ToArray() };
}

/// <summary>A state for the history, known from a position and, where a later event of the same page showed it otherwise, until another.</summary>
internal sealed record HistoryEntry(string Tenant, Guid Stream, RowState State, long Position, long? KnownUntil = null);

/// <summary>An order of values of one column that is near to that of its index; text by code units, whatever the culture.</summary>
internal sealed class KeyOrder : IComparer<object?>
{
    public static readonly KeyOrder Instance = new();

    public int Compare(object? one, object? other) =>
        one is string text ? string.CompareOrdinal(text, other as string) : Comparer<object>.Default.Compare(one, other);
}

/// <summary>Another process moved this follower's position: it leads now.</summary>
internal sealed class OvertakenException(string model) : Exception($"Another process carries {model} forward.");
