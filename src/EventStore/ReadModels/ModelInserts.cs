using Crm.EventModel;

namespace Crm.EventStore.ReadModels;

/// <summary>How what comes of events is put into the tables of a read model.</summary>
internal sealed class ModelInserts
{
    public ModelInserts(ModelTables tables)
    {
        var columns = tables.RowColumns;
        Log = new(tables.Rows, [BulkColumn<LogRow>.Of("tenant_id", r => r.Tenant), .. columns.Select(c => new BulkColumn<LogRow>(c.Column.Name, c.Type, r => c.Column.Get(r.Row)))]);
        Rows = new(tables.Rows,
        [
            BulkColumn<KeptRow>.Of("tenant_id", r => r.Tenant),
            .. columns.Select(c => new BulkColumn<KeptRow>(c.Column.Name, c.Type, r => c.Column.Get(r.Fold.Row!))),
            BulkColumn<KeptRow>.Of("facts_until", r => r.Fold.Newest), BulkColumn<KeptRow>.Of("version", r => r.Fold.Version), BulkColumn<KeptRow>.Of("position", r => r.Fold.Position)
        ]);
        History = new(tables.History,
        [
            BulkColumn<HistoryEntry>.Of("tenant_id", e => e.Tenant),
            .. columns.Select((c, i) => new BulkColumn<HistoryEntry>(c.Column.Name, c.Type, e => e.State.Row is { } row ? c.Column.Get(row) : i == 0 ? e.Stream : null)),
            BulkColumn<HistoryEntry>.Of("at", e => e.State.At), BulkColumn<HistoryEntry>.Of("version", e => e.State.Version),
            BulkColumn<HistoryEntry>.Of("from_position", e => e.Position), BulkColumn<HistoryEntry>.Of("to_position", e => e.KnownUntil),
            BulkColumn<HistoryEntry>.Of("is_there", e => e.State.Row is not null)
        ]);
        Changes = tables.Model.Totals.ToDictionary(totals => totals, totals => new BulkInsert<OwnChange>(tables.ChangesTable(totals),
        [
            BulkColumn<OwnChange>.Of("tenant_id", c => c.Tenant), BulkColumn<OwnChange>.Of("at", c => c.Change.At), BulkColumn<OwnChange>.Of("position", c => c.Change.Position),
            .. Group<OwnChange>(totals, c => c.Change.Group),
            BulkColumn<OwnChange>.Of("count", c => c.Change.Count), BulkColumn<OwnChange>.Of("amount", c => c.Change.Amount)
        ]));
        Totals = tables.Model.Totals.ToDictionary(totals => totals, totals => new BulkInsert<OwnChange>(tables.TotalsTable(totals),
        [
            BulkColumn<OwnChange>.Of("tenant_id", c => c.Tenant), .. Group<OwnChange>(totals, c => c.Change.Group),
            BulkColumn<OwnChange>.Of("count", c => c.Change.Count), BulkColumn<OwnChange>.Of("amount", c => c.Change.Amount)
        ]));
    }

    /// <summary>Of a model that is a log.</summary>
    public BulkInsert<LogRow> Log { get; }

    /// <summary>Of a model of one row a stream.</summary>
    public BulkInsert<KeptRow> Rows { get; }

    public BulkInsert<HistoryEntry> History { get; }

    public IReadOnlyDictionary<Totals, BulkInsert<OwnChange>> Changes { get; }

    /// <summary>What changes come to: one item a group.</summary>
    public IReadOnlyDictionary<Totals, BulkInsert<OwnChange>> Totals { get; }

    private static IEnumerable<BulkColumn<T>> Group<T>(Totals totals, Func<T, object> group) =>
        RowShape.Of(totals.GroupType).Columns.Select(c => new BulkColumn<T>(c.Name, SqlType.Of(c.Type), item => c.Get(group(item))));
}

/// <summary>A row of a log.</summary>
internal readonly record struct LogRow(string Tenant, object Row);

/// <summary>The row of a stream, and how far its events are in it.</summary>
internal readonly record struct KeptRow(string Tenant, StreamFold Fold);

internal readonly record struct OwnChange(string Tenant, TotalChange Change);
