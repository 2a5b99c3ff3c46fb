using System.Runtime.CompilerServices;
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

    private static readonly ConditionalWeakTable<ReadModel, ModelTables> Known = [];

    private readonly string schema;

    private ModelTables(ReadModel model, string schema)
    {
        Model = model;
        this.schema = schema;
        Shape = RowShape.Of(model.RowType);
        RowColumns = [.. Shape.Columns.Select(c => (c, SqlType.Of(c.Type)))];
        if (model.LogKey.Except(Shape.Columns.Select(c => c.Name)).Any())
        {
            throw new InvalidOperationException($"A row of the log {model.Name} must have the members of its key: {string.Join(", ", model.LogKey)}.");
        }

        if (Shape.Columns[0].Type != typeof(Guid))
        {
            throw new InvalidOperationException($"The first member of a row of {model.Name} must be the id of its stream.");
        }

        Inserts = new ModelInserts(this);
    }

    public ReadModel Model { get; }

    public RowShape Shape { get; }

    public string Rows => $"{schema}.{RowsName}";

    public string History => $"{schema}.{HistoryName}";

    public IReadOnlyList<string> All => [.. Names.Select(name => $"{schema}.{name}")];

    /// <summary>Column of the stream's id.</summary>
    public string Id => Shape.Columns[0].Name;

    internal IReadOnlyList<(RowColumn Column, SqlType Type)> RowColumns { get; }

    internal ModelInserts Inserts { get; }

    /// <summary>Under which name the follower of these tables keeps its position.</summary>
    internal string Progress => schema == Live ? Model.Progress : $"{Model.Progress}:{schema}";

    /// <summary>All tables, without schema.</summary>
    public IReadOnlyList<string> Names =>
    [
        RowsName, .. Model.KeepsHistory ? [HistoryName] : Array.Empty<string>(),
        .. Model.Totals.SelectMany(t => (string[])[$"{t.Name}_v{Model.Version}", $"{t.Name}_changes_v{Model.Version}"]), .. Derived
    ];

    /// <summary>Tables among them that hold nothing of their own: sums made from others at leisure.</summary>
    internal IReadOnlyList<string> Derived =>
        [.. Model.Totals.SelectMany(t => (string[])[$"{t.Name}_blocks_v{Model.Version}", $"{t.Name}_checkpoint_v{Model.Version}"])];

    /// <summary>How far each total is gathered: of all tenants together.</summary>
    internal IEnumerable<string> Checkpoints => Model.Totals.Select(CheckpointTable);

    internal string RowsName => $"{Model.Table}_v{Model.Version}";

    internal string HistoryName => $"{Model.Table}_history_v{Model.Version}";

    public static ModelTables Of(ReadModel model) => Known.GetValue(model, m => new ModelTables(m, Live));

    internal static ModelTables In(string schema, ReadModel model) => new(model, schema);

    public string TotalsTable(Totals totals) => $"{schema}.{totals.Name}_v{Model.Version}";

    public string ChangesTable(Totals totals) => $"{schema}.{totals.Name}_changes_v{Model.Version}";

    /// <summary>Sums of changes over a span of business time and a run of positions; see <see cref="Checkpoints"/>.</summary>
    internal string BlocksTable(Totals totals) => $"{schema}.{totals.Name}_blocks_v{Model.Version}";

    /// <summary>One row: the changes below this position are in the blocks.</summary>
    internal string CheckpointTable(Totals totals) => $"{schema}.{totals.Name}_checkpoint_v{Model.Version}";

    /// <summary>The rows that an event gives to a log.</summary>
    internal IEnumerable<LogRow> Given(Recorded e) => PoisonEventException.Fold(e, fact => Model.Give(fact).Select(row => new LogRow(fact.Tenant, row)).ToList());

    /// <summary>Makes what is missing: tables, keys, views.</summary>
    public Task Create(NpgsqlDataSource database, CancellationToken ct)
    {
        var own = new ModelSchema(this);
        return Run(database, [.. own.Tables(), .. own.Walls(), .. own.Keys(), .. schema == Live ? Views() : []], ct);
    }

    /// <summary>Makes the tables alone, to be filled at one go; their keys are quicker made after that.</summary>
    internal Task CreateBare(NpgsqlDataSource database, CancellationToken ct) => Run(database, new ModelSchema(this).Tables(), ct);

    /// <summary>People find the live tables under their plain names.</summary>
    internal IEnumerable<string> Views() =>
    [
        View(Model.Table, Rows), .. Model.KeepsHistory ? [View($"{Model.Table}_history", History)] : Array.Empty<string>(),
        .. Model.Totals.SelectMany(t => (string[])[View(t.Name, TotalsTable(t)), View($"{t.Name}_changes", ChangesTable(t))])
    ];

    private async Task Run(NpgsqlDataSource database, IEnumerable<string> statements, CancellationToken ct)
    {
        await using var command = database.CreateCommand(string.Join('\n', [$"create schema if not exists {schema};", $"grant usage on schema {schema} to crm_append, crm_follow, crm_app;", .. statements]));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string View(string name, string table) =>
        $"create or replace view crm.{name} with (security_invoker) as select * from {table}; grant select on crm.{name} to crm_analyst;";
}
