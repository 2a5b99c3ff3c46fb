using Crm.Api.Access;
using Crm.Domain.Conditions;
using Crm.EventStore.ReadModels;
using Npgsql;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Lists;

/// <summary>As of when a list is read, and up to which position.</summary>
/// <param name="IsPinned">The model may have come further than the position.</param>
internal sealed record Seen(Lens Lens, long Position, bool IsPinned);

/// <summary>Which records are wanted.</summary>
internal sealed record Wanted(Condition Where, Sought? Words = null);

/// <summary>What a caller sees of one kind of record at one moment, over one connection.</summary>
internal sealed class ListView<TRow>(RecordList list, ModelReader<TRow> rows, Caller by, Seen seen, NpgsqlConnection connection) where TRow : class
{
    /// <param name="after">What the row before the first was sorted by; null for the beginning.</param>
    public async Task<IReadOnlyList<TRow>> Rows(
        Wanted wanted, IReadOnlyList<SortKey> sort, IReadOnlyList<object?>? after, int limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var from = From(command, wanted);
        var beyond = after is null ? "" : $" and {SortSql.After(sort, after, command)}";
        command.CommandText = $"select {rows.Columns} from {from}{beyond} order by {SortSql.OrderBy(sort)} limit {command.Parameter(limit)}";
        await using var found = await command.ExecuteReaderAsync(ct);
        return await rows.Read(found, ct);
    }

    /// <summary>The id of the record so many further on, whoever may see it; null where there are not so many.</summary>
    public async Task<Guid?> IdAfter(Guid? after, int count, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        command.Parameters.AddWithValue(by.Tenant);
        command.CommandText = $"select {Id} from {rows.Rows(rewound: false)} r where true{Beyond(after, command)} order by {Id} offset {command.Parameter(count - 1)} limit 1";
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Those after one id and up to another, in the order of ids; without an end, all that follow.</summary>
    public async Task<IReadOnlyList<TRow>> Between(Wanted wanted, Guid? after, Guid? upTo, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var from = From(command, wanted);
        var until = upTo is { } end ? $" and {Id} <= {command.Parameter(end)}" : "";
        command.CommandText = $"select {rows.Columns} from {from}{Beyond(after, command)}{until} order by {Id}";
        await using var found = await command.ExecuteReaderAsync(ct);
        return await rows.Read(found, ct);
    }

    /// <summary>The ids of all that are wanted, in order, one by one.</summary>
    public async Task Ids(Wanted wanted, IReadOnlyList<SortKey> sort, Action<Guid> found, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand
        {
            Connection = connection,
            CommandTimeout = 0
        };
        command.CommandText = $"select {Id} from {From(command, wanted)} order by {SortSql.OrderBy(sort)}";
        await using var ids = await command.ExecuteReaderAsync(ct);
        while (await ids.ReadAsync(ct))
        {
            found(ids.GetGuid(0));
        }
    }

    public Task<IReadOnlyList<TRow>> Of(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        Rows(new Wanted(new Condition.Test(list.Id.Field, Operator.In, [.. ids.Cast<object>()])), [new SortKey(list.Id, Descending: false)], after: null, ids.Count, ct);

    /// <summary>How many there are, and no more than this.</summary>
    public async Task<long> Count(Wanted wanted, int most, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var from = From(command, wanted);
        command.CommandText = $"select count(*) from (select from {from} limit {command.Parameter(most)}) counted";
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>How many of them are so, for each of some conditions; by groups, where fields are named.</summary>
    public async Task<IReadOnlyList<(IReadOnlyList<string?> Group, IReadOnlyList<long> Counts)>> Counts(
        Wanted wanted, IReadOnlyList<ListField> by, IReadOnlyList<Condition> counted, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var from = From(command, wanted);
        var sql = new ConditionSql(list, command);
        var columns = by.Select(field => field.Sql).Concat(counted.Select(condition => $"count(*) filter (where {sql.Of(condition)})"));
        var groups = by.Count == 0 ? "" : $" group by {string.Join(", ", by.Select((_, i) => i + 1))}";
        command.CommandText = $"select {string.Join(", ", columns)} from {from}{groups}";
        var counts = new List<(IReadOnlyList<string?>, IReadOnlyList<long>)>();
        await using var found = await command.ExecuteReaderAsync(ct);
        while (await found.ReadAsync(ct))
        {
            counts.Add(([.. by.Select((_, i) => found.IsDBNull(i) ? null : found.GetString(i))],
                [.. counted.Select((_, i) => found.GetInt64(by.Count + i))]));
        }

        return counts;
    }

    private string Id => $"r.{list.Id.Column.Name}";

    private string Beyond(Guid? after, NpgsqlCommand command) => after is { } id ? $" and {Id} > {command.Parameter(id)}" : "";

    private string From(NpgsqlCommand command, Wanted wanted)
    {
        command.Parameters.AddWithValue(by.Tenant);
        if (seen.Lens.Rewound)
        {
            command.Parameters.AddWithValue(seen.Lens.Until.ToUniversalTime());
        }

        if (seen.Lens.Rewound || seen.IsPinned)
        {
            command.Parameters.AddWithValue(seen.Position);
        }

        var relation = seen.IsPinned && !seen.Lens.Rewound ? rows.Pinned : rows.Rows(seen.Lens.Rewound);
        var sql = new ConditionSql(list, command);
        var words = wanted.Words is { } sought ? $" and {new SoughtSql(list, command).Of(sought)}" : "";
        return $"{relation} r where r.{list.Since.Column.Name} is not null and {sql.Of(Scope(by.Sight.Owners))} and {sql.Of(wanted.Where)}{words}";
    }

    private Condition Scope(Owners? owners) => owners is null || !list.HasOwners ? Condition.Everything : new Condition.Any(
    [
        new Condition.Test(list.Fields["rep"].Field, Operator.In, [.. owners.Reps]),
        new Condition.Test(list.Fields["team"].Field, Operator.In, [.. owners.Teams]),
        .. list.SeenBy is { } members ? [new Condition.Test(list.Fields[members].Field, Operator.Has, [by.Id])] : Array.Empty<Condition>()
    ]);
}
