using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>The tables of one version of a read model, all in schema crm, and a view for people under the plain name.</summary>
public sealed class ModelTables
{
    private ModelTables(ReadModel model)
    {
        Model = model;
        Shape = new RowShape(model.RowType);
        RowColumns = [.. Shape.Columns.Select(c => (c, SqlType.Of(c.Type)))];
        if (Shape.Columns[0].Type != typeof(Guid))
        {
            throw new InvalidOperationException($"The first member of a row of {model.Name} must be the id of its stream.");
        }
    }

    public ReadModel Model { get; }

    public RowShape Shape { get; }

    public string Rows => $"crm.{Model.Table}_v{Model.Version}";

    public string History => $"crm.{Model.Table}_history_v{Model.Version}";

    /// <summary>Column of the stream's id.</summary>
    public string Id => Shape.Columns[0].Name;

    internal IReadOnlyList<(RowColumn Column, SqlType Type)> RowColumns { get; }

    internal string RowColumnList => string.Join(", ", Shape.Columns.Select(c => c.Name));

    public static ModelTables Of(ReadModel model) => new(model);

    public string TotalsTable(Totals totals) => $"crm.{totals.Name}_v{Model.Version}";

    public string ChangesTable(Totals totals) => $"crm.{totals.Name}_changes_v{Model.Version}";

    /// <summary>Makes what is missing.</summary>
    public async Task Create(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(string.Join('\n', Statements()));
        await command.ExecuteNonQueryAsync(ct);
    }

    private IEnumerable<string> Statements()
    {
        var columns = string.Join(", ", RowColumns.Select(c => $"{c.Column.Name} {c.Type.Name}{(c.Column.IsNullable ? "" : " not null")}"));
        yield return $"""
            create table if not exists {Rows} (
                tenant_id text not null, {columns},
                facts_until timestamptz not null, version bigint not null, position bigint not null,
                primary key (tenant_id, {Id}));
            """;
        yield return View(Model.Table, Rows);

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
            yield return View($"{Model.Table}_history", History);
        }

        foreach (var totals in Model.Totals)
        {
            var group = new RowShape(totals.GroupType).Columns.Select(c => c.Name).ToList();
            var texts = string.Join(", ", group.Select(c => $"{c} text"));
            yield return $"""
                create table if not exists {TotalsTable(totals)} (
                    tenant_id text not null, {texts}, count bigint not null, amount numeric not null,
                    unique nulls not distinct (tenant_id, {string.Join(", ", group)}));
                create table if not exists {ChangesTable(totals)} (
                    tenant_id text not null, at timestamptz not null, position bigint not null, {texts},
                    count bigint not null, amount numeric not null);
                create index if not exists {totals.Name}_changes_v{Model.Version}_at on {ChangesTable(totals)} (tenant_id, at, position);
                """;
            yield return View(totals.Name, TotalsTable(totals));
            yield return View($"{totals.Name}_changes", ChangesTable(totals));
        }
    }

    private static string View(string name, string table) =>
        $"create or replace view crm.{name} with (security_invoker) as select * from {table};";
}
