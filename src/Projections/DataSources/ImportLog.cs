using Crm.Domain.DataSources;
using Crm.EventModel;

namespace Crm.Projections.DataSources;

/// <summary>Every row of an imported file that was set aside or taken with something missing, and what became of it.</summary>
public sealed class ImportLog : ReadModel<ImportLog.Row>
{
    /// <param name="State"><c>set-aside</c>, <c>noted</c> or <c>accepted</c>.</param>
    /// <param name="Reason">Why it is set aside, or the first note; of an accepted row what it was.</param>
    /// <param name="Notes">The codes of everything that is missing or unknown, of a row that is set aside too.</param>
    /// <param name="Since">When the row came to this state.</param>
    /// <param name="Cells">The row itself, sealed; only while it is set aside.</param>
    public sealed record Row(
        Guid RowId, string Source, string Kind, string File, int Line, string Key, string State, string Reason, string Message, string? Field,
        IReadOnlyList<string> Notes, DateTimeOffset Since, string? Cells);

    public override string Name => "import_log";

    public override int Version => 1;

    public override Type Reads => typeof(IDataSourceEvent);

    public override Row? Fold(Row? row, Recorded e) => (row, e.Data) switch
    {
        (_, DataSourceRowSetAside x) => new Row(
            e.StreamId, x.Source, x.Kind, x.File, x.Line, x.Key, "set-aside", x.Reason, x.Message, x.Field, [], e.OccurredAt, x.Row.Sealed),
        (null, DataSourceRowAccepted) => null,
        (_, DataSourceRowAccepted x) => row with
        {
            File = x.File,
            Line = x.Line,
            State = "accepted",
            Notes = [],
            Since = e.OccurredAt,
            Cells = null
        },
        ({ State: "set-aside" or "noted" }, DataSourceRowNoted x) => row with { Notes = [.. row.Notes, x.Reason] },
        (_, DataSourceRowNoted x) => new Row(
            e.StreamId, x.Source, x.Kind, x.File, x.Line, x.Key, "noted", x.Reason, x.Message, x.Field, [x.Reason], e.OccurredAt, null),
        _ => row
    };
}
