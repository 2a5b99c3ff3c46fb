using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// The tables of one version of a read model, and views for people under the plain names. The live ones are in schema crm; a rebuild fills
/// those of the same names in crm_new, and what it replaced waits in crm_old.
/// </summary>
public sealed class ModelTables
{
    internal const string Live = "crm";
    internal const string New = "crm_new";
    internal const string Old = "crm_old";

    private readonly string schema;

    private ModelTables(ReadModel model, string schema)
    {
        Model = model;
        this.schema = schema;
        Shape = new RowShape(model.RowType);
        RowColumns = [.. Shape.Columns.Select(c => (c, SqlType.Of(c.Type)))];
        if (model.IsLog && Shape.Columns.All(c => c.Name != "position"))
        {
            throw new InvalidOperationException($"A row of the log {model.Name} must have the position of its event.");
        }

        if (Shape.Columns[0].Type != typeof(Guid))
        {
            throw new InvalidOperationException($"The first member of a row of {model.Name} must be the id of its stream.");
        }
    }

    public ReadModel Model { get; }

    public RowShape Shape { get; }

    public string Rows => $"{schema}.{RowsName}";

    public string History => $"{schema}.{HistoryName}";

    public IReadOnlyList<string> All => [.. Names.Select(name => $"{schema}.{name}")];

    /// <summary>Column of the stream's id.</summary>
    public string Id => Shape.Columns[0].Name;

    internal IReadOnlyList<(RowColumn Column, SqlType Type)> RowColumns { get; }

    internal string RowColumnList => string.Join(", ", Shape.Columns.Select(c => c.Name));

    /// <summary>Under which name the follower of these tables keeps its position.</summary>
    internal string Progress => schema == Live ? Model.Progress : $"{Model.Progress}:{schema}";

    /// <summary>All tables, without schema.</summary>
    internal IReadOnlyList<string> Names =>
    [
        RowsName, .. Model.KeepsHistory ? [HistoryName] : Array.Empty<string>(),
        .. Model.Totals.SelectMany(t => (string[])[$"{t.Name}_v{Model.Version}", $"{t.Name}_changes_v{Model.Version}"]), .. Derived
    ];

    /// <summary>Tables among them that hold nothing of their own: sums made from others at leisure.</summary>
    internal IReadOnlyList<string> Derived =>
        [.. Model.Totals.SelectMany(t => (string[])[$"{t.Name}_blocks_v{Model.Version}", $"{t.Name}_checkpoint_v{Model.Version}"])];

    private string RowsName => $"{Model.Table}_v{Model.Version}";

    private string HistoryName => $"{Model.Table}_history_v{Model.Version}";

    public static ModelTables Of(ReadModel model) => new(model, Live);

    internal static ModelTables In(string schema, ReadModel model) => new(model, schema);

    public string TotalsTable(Totals totals) => $"{schema}.{totals.Name}_v{Model.Version}";

    public string ChangesTable(Totals totals) => $"{schema}.{totals.Name}_changes_v{Model.Version}";

    /// <summary>Sums of changes over a span of business time and a run of positions; see <see cref="Checkpoints"/>.</summary>
    internal string BlocksTable(Totals totals) => $"{schema}.{totals.Name}_blocks_v{Model.Version}";

    /// <summary>One row: the changes below this position are in the blocks.</summary>
    internal string CheckpointTable(Totals totals) => $"{schema}.{totals.Name}_checkpoint_v{Model.Version}";

    /// <summary>Makes what is missing.</summary>
    public async Task Create(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(string.Join('\n', [$"create schema if not exists {schema};", .. Statements(), .. schema == Live ? Views() : []]));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>People find the live tables under their plain names.</summary>
    internal IEnumerable<string> Views() =>
    [
        View(Model.Table, Rows), .. Model.KeepsHistory ? [View($"{Model.Table}_history", History)] : Array.Empty<string>(),
        .. Model.Totals.SelectMany(t => (string[])[View(t.Name, TotalsTable(t)), View($"{t.Name}_changes", ChangesTable(t))])
    ];

    private IEnumerable<string> Statements()
    {
        var columns = string.Join(", ", RowColumns.Select(c => $"{c.Column.Name} {c.Type.Name}{(c.Column.IsNullable ? "" : " not null")}"));
        if (Model.IsLog)
        {
            yield return $"create table if not exists {Rows} (tenant_id text not null, {columns}, primary key (tenant_id, position));";
            foreach (var column in Model.Indexes)
            {
                yield return $"create index if not exists {RowsName}_{column} on {Rows} (tenant_id, {column}, position);";
            }

            yield break;
        }

        yield return $"""
            create table if not exists {Rows} (
                tenant_id text not null, {columns},
                facts_until timestamptz not null, version bigint not null, position bigint not null,
                primary key (tenant_id, {Id}));
            """;
        if (Model.KeepsHistory)
        {
            var loose = string.Join(", ", RowColumns.Select((c, i) => $"{c.Column.Name} {c.Type.Name}{(i == 0 ? " not null" : "")}"));
            yield return $"""
                create table if not exists {History} (
                    tenant_id text not null, {loose},
                    at timestamptz not null, version bigint not null, from_position bigint not null, to_position bigint,
                    is_there boolean not null,
                    primary key (tenant_id, {Id}, at, version, from_position));
                """;
        }

        foreach (var totals in Model.Totals)
        {
            var group = new RowShape(totals.GroupType).Columns.Select(c => c.Name).ToList();
            var texts = string.Join(", ", group.Select(c => $"{c} text"));
            yield return $"""
                create table if not exists {TotalsTable(totals)} (
                    tenant_id text not null, {texts}, count bigint not null, amount numeric not null,
                    unique nulls not distinct (tenant_id, {string.Join(", ", group)}));
                create index if not exists {totals.Name}_v{Model.Version}_empty on {TotalsTable(totals)} (tenant_id) where count = 0 and amount = 0;
                create table if not exists {ChangesTable(totals)} (
                    tenant_id text not null, at timestamptz not null, position bigint not null, {texts},
                    count bigint not null, amount numeric not null);
                create index if not exists {totals.Name}_changes_v{Model.Version}_at on {ChangesTable(totals)} (tenant_id, at, position);
                create index if not exists {totals.Name}_changes_v{Model.Version}_position on {ChangesTable(totals)} (tenant_id, position, at);
                create table if not exists {BlocksTable(totals)} (
                    tenant_id text not null, rollup smallint not null, level smallint not null, at_block int not null, position_block int not null,
                    {texts}, count bigint not null, amount numeric not null);
                create index if not exists {totals.Name}_blocks_v{Model.Version}_at
                    on {BlocksTable(totals)} (tenant_id, rollup, level, at_block, position_block);
                create index if not exists {totals.Name}_blocks_v{Model.Version}_position
                    on {BlocksTable(totals)} (tenant_id, rollup, level, position_block, at_block);
                create table if not exists {CheckpointTable(totals)} (only_row boolean primary key default true check (only_row), position bigint not null);
                insert into {CheckpointTable(totals)} (position) values (0) on conflict do nothing;
                """;
        }
    }

    private static string View(string name, string table) =>
        $"create or replace view crm.{name} with (security_invoker) as select * from {table};";
}
