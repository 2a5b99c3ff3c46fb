using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>Reads the rows of a read model, as they stand or as they stood.</summary>
public sealed class ModelReader<TRow>(ReadModel<TRow> model) where TRow : class
{
    private readonly ModelTables tables = ModelTables.Of(model);

    public ReadModel<TRow> Model => model;

    /// <summary>
    /// A relation of the model's rows of tenant <c>$1</c>: all facts, or with <paramref name="rewound"/> those that occurred before
    /// <c>$2</c> as known at position <c>$3</c>.
    /// </summary>
    public string Rows(bool rewound) => rewound ? $"""
        (select * from (
            select distinct on ({tables.Id}) * from {tables.History}
            where tenant_id = $1 and at < $2 and from_position <= $3 and (to_position is null or to_position > $3)
            order by {tables.Id}, at desc, version desc) newest
         where is_there)
        """ : $"(select * from {tables.Rows} where tenant_id = $1)";

    /// <summary>
    /// A relation of the rows of tenant <c>$1</c> as the model showed them at position <c>$2</c>, for models that keep their history: rows
    /// that have not changed since as they stand, the others from their history. Rows that have gone since are not in it.
    /// </summary>
    public string Pinned => $"""
        (select {Of("live")} from {tables.Rows} live where live.tenant_id = $1 and live.position <= $2
         union all
         select {Of("past", id: "live")} from {tables.Rows} live cross join lateral (
             select * from {tables.History} h
             where h.tenant_id = $1 and h.{tables.Id} = live.{tables.Id} and from_position <= $2 and (to_position is null or to_position > $2)
             order by at desc, h.version desc limit 1) past
         where live.tenant_id = $1 and live.position > $2 and past.is_there)
        """;

    /// <summary>
    /// A relation of the states of tenant <c>$1</c> that began from <c>$2</c> on and before <c>$3</c>, as known at position <c>$4</c>, for models that
    /// keep their history: of records with several of them, in the order in which each came to them.
    /// </summary>
    public string Moves => $"""
        (select * from (
            select h.*, count(*) over (partition by {tables.Id}) states_in_all from {tables.History} h
            where tenant_id = $1 and at >= $2 and at < $3 and from_position <= $4 and (to_position is null or to_position > $4) and is_there) moved
         where states_in_all > 1 order by {tables.Id}, at, version)
        """;

    /// <summary>The columns of a row, for a select from <see cref="Rows"/>.</summary>
    public string Columns => Of("r");

    public async Task<IReadOnlyList<TRow>> Read(NpgsqlDataReader reader, CancellationToken ct)
    {
        var rows = new List<TRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add((TRow)tables.Shape.Make([.. tables.RowColumns.Select((c, i) => reader.IsDBNull(i) ? null : c.Type.FromDb(reader.GetValue(i)))]));
        }

        return rows;
    }

    /// <param name="id">Where the id is taken from: a condition on it reaches that relation.</param>
    private string Of(string relation, string? id = null) =>
        string.Join(", ", tables.Shape.Columns.Select((c, i) => $"{(i == 0 ? id ?? relation : relation)}.{c.Name}"));
}
