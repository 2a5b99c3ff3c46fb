using Crm.EventModel;

namespace Crm.EventStore.ReadModels;

/// <summary>The SQL that makes the tables of a read model, and the keys and indexes on them; what is there already is left as it is.</summary>
internal sealed class ModelSchema(ModelTables tables)
{
    private ReadModel Model => tables.Model;

    public IEnumerable<string> Tables()
    {
        var columns = string.Join(", ", tables.RowColumns.Select(c => $"{c.Column.Name} {c.Type.Name}{Collation(c)}{(c.Column.IsNullable ? "" : " not null")}"));
        if (Model.IsLog)
        {
            return [$"create table if not exists {tables.Rows} (tenant_id text not null, {columns});"];
        }

        var loose = string.Join(", ", tables.RowColumns.Select((c, i) => $"{c.Column.Name} {c.Type.Name}{(i == 0 ? " not null" : "")}"));
        return
        [
            $"""
            create table if not exists {tables.Rows} (
                tenant_id text not null, {columns}, facts_until timestamptz not null, version bigint not null, position bigint not null);
            """,
            .. Model.KeepsHistory
                ? [
                    $"""
                    create table if not exists {tables.History} (
                        tenant_id text not null, {loose}, at timestamptz not null, version bigint not null, from_position bigint not null, to_position bigint,
                        is_there boolean not null);
                    """
                ]
                : Array.Empty<string>(),
            .. Model.Totals.Select(TotalsTables)
        ];
    }

    /// <summary>
    /// Who may do what with the tables. Those of many tenants are walled off once they are filled: copies in bulk do not pass the wall. Nothing else may be
    /// done to a table meanwhile: PostgreSQL fails statements that change its entry in the catalogue at one moment ("tuple concurrently updated").
    /// </summary>
    public IEnumerable<string> Walls() =>
    [
        .. tables.All.Except(tables.Checkpoints).Select(table => $"select crm.keep_apart('{table}'); select crm.show_analysts('{table}'); {Followed(table)}"),
        .. tables.Checkpoints.Select(table => $"grant select on {table} to crm_app; {Followed(table)}")
    ];

    /// <summary>Of which several may be made at once.</summary>
    public IEnumerable<string> Keys() =>
    [
        Key(tables.RowsName, tables.Rows, Model.IsLog ? string.Join(", ", Model.LogKey) : tables.Id),
        .. Model.Indexes.Select(columns => Index($"{tables.RowsName}_{Joined(columns)}", tables.Rows, $"{columns}, position")),
        .. Model.KeepsHistory ? [Key(tables.HistoryName, tables.History, $"{tables.Id}, at, version, from_position")] : Array.Empty<string>(),
        .. Model.HistoryIndexes.Select(columns => Index($"{tables.HistoryName}_{Joined(columns)}", tables.History, columns)),
        .. Model.Totals.SelectMany(TotalsKeys)
    ];

    private string TotalsTables(Totals totals)
    {
        var texts = string.Join(", ", Group(totals).Select(c => $"{c} text"));
        return $"""
            create table if not exists {tables.TotalsTable(totals)} (tenant_id text not null, {texts}, count bigint not null, amount numeric not null);
            create table if not exists {tables.ChangesTable(totals)} (
                tenant_id text not null, at timestamptz not null, position bigint not null, {texts}, count bigint not null, amount numeric not null);
            create table if not exists {tables.BlocksTable(totals)} (
                tenant_id text not null, rollup smallint not null, level smallint not null, at_block int not null, position_block int not null,
                {texts}, count bigint not null, amount numeric not null);
            create table if not exists {tables.CheckpointTable(totals)} (only_row boolean primary key default true check (only_row), position bigint not null);
            insert into {tables.CheckpointTable(totals)} (position) values (0) on conflict do nothing;
            """;
    }

    private IEnumerable<string> TotalsKeys(Totals totals)
    {
        string Named(string part) => $"{totals.Name}{part}_v{Model.Version}";
        return
        [
            $"""
            create unique index if not exists {Named("")}_key on {tables.TotalsTable(totals)} (tenant_id, {string.Join(", ", Group(totals))}) nulls not distinct;
            create index if not exists {Named("")}_empty on {tables.TotalsTable(totals)} (tenant_id) where count = 0 and amount = 0;
            """,
            Index($"{Named("_changes")}_at", tables.ChangesTable(totals), "at, position"),
            Index($"{Named("_changes")}_position", tables.ChangesTable(totals), "position, at"),
            Index($"{Named("_blocks")}_at", tables.BlocksTable(totals), "rollup, level, at_block, position_block"),
            Index($"{Named("_blocks")}_position", tables.BlocksTable(totals), "rollup, level, position_block, at_block")
        ];
    }

    // What is looked for by its beginning, or as lists compare texts, is in the order of code points, whatever the database's locale.
    private string Collation((RowColumn Column, SqlType Type) column) =>
        column.Type.Name == "text" && (Model.LogKey.Contains(column.Column.Name) || IsIndexedInRows(column.Column.Name))
            ? " collate \"C\""
            : "";

    private static string Joined(string columns) => columns.Replace(", ", "_", StringComparison.Ordinal);

    private bool IsIndexedInRows(string column) => !Model.IsLog && Model.Indexes.Any(columns => columns.Split(", ").Contains(column));

    private static string Followed(string table) => $"grant select, insert, update, delete on {table} to crm_follow;";

    private static string Key(string name, string table, string columns) => $"create unique index if not exists {name}_key on {table} (tenant_id, {columns});";

    private static string Index(string name, string table, string columns) => $"create index if not exists {name} on {table} (tenant_id, {columns});";

    private static IEnumerable<string> Group(Totals totals) => RowShape.Of(totals.GroupType).Columns.Select(c => c.Name);
}
