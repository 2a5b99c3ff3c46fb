namespace Crm.Domain.DataSources;

/// <param name="Reason">A stable code; see docs/importing.md.</param>
/// <param name="Field">The column, or the member of the mapping, that it is about.</param>
public sealed record RowRemark(string Reason, string Message, string? Field = null);

/// <summary>A row was read, and this is what there is to say about it.</summary>
/// <param name="Row">Its cells, sealed; needed when it is set aside.</param>
/// <param name="SetAside">Why it is not taken; null when it is.</param>
public sealed record ReadRow(
    string Source, string Kind, string File, int Line, string Key, Personal? Row, RowRemark? SetAside, IReadOnlyList<RowRemark> Notes);

public static class DataSourceRowDecider
{
    public static readonly Decider<DataSourceRow, ReadRow, IDataSourceEvent> Instance =
        new("data_source_row", DataSourceRow.Unremarked, Decide, DataSourceRow.Evolve);

    public static IReadOnlyList<IDataSourceEvent> Decide(DataSourceRow state, ReadRow command)
    {
        var (setAside, notes) = (SetAside(command), command.Notes.Select(note => Noted(command, note)).ToList());
        if (Same(state.SetAside, setAside) && state.Notes.Select(Anywhere).SequenceEqual(notes.Select(Anywhere)))
            return [];

        IDataSourceEvent? verdict = setAside is not null ? setAside : state == DataSourceRow.Unremarked ? null : Accepted(command);
        return verdict is null ? notes : [verdict, .. notes];
    }

    private static DataSourceRowSetAside? SetAside(ReadRow c) => c.SetAside is { } why
        ? new(c.Source, c.Kind, c.File, c.Line, c.Key, why.Reason, why.Message, c.Row ?? throw Rejection.BrokenRule(
            "data-source-row.cells", "A row that is set aside is kept: its cells are needed.", "row"), why.Field)
        : null;

    private static DataSourceRowNoted Noted(ReadRow c, RowRemark note) =>
        new(c.Source, c.Kind, c.File, c.Line, c.Key, note.Reason, note.Message, note.Field);

    private static DataSourceRowAccepted Accepted(ReadRow c) => new(c.Source, c.Kind, c.File, c.Line, c.Key);

    // A row that only moved, because others came before it or the file has a new name, is the same row.
    private static bool Same(DataSourceRowSetAside? one, DataSourceRowSetAside? other) => Anywhere(one) == Anywhere(other);

    private static DataSourceRowSetAside? Anywhere(DataSourceRowSetAside? e) => e is null ? null : e with { File = "", Line = 0 };

    private static DataSourceRowNoted Anywhere(DataSourceRowNoted e) => e with { File = "", Line = 0 };
}
