namespace Crm.Api.Imports;

/// <summary>What an import came to.</summary>
/// <param name="Events">How many facts were written, remarks on rows included; 0 when the files say what is known.</param>
/// <param name="Position">Up to where a read has to look to see all of it.</param>
public sealed record ImportReport(string Source, IReadOnlyList<KindReport> Kinds, long Events, long Position, TimeSpan Took);

/// <param name="New">Rows that made a new record.</param>
/// <param name="Attached">Rows that told of a lead which was known already, and are part of that now.</param>
/// <param name="Continued">Rows that said more of a record that there was.</param>
/// <param name="Unchanged">Rows that said nothing new.</param>
/// <param name="SetAside">Rows that were not taken, by reason.</param>
/// <param name="Noted">Remarks on rows, set aside or not, by reason.</param>
public sealed record KindReport(
    string Kind, string File, int Rows, int New, int Attached, int Continued, int Unchanged,
    IReadOnlyDictionary<string, int> SetAside, IReadOnlyDictionary<string, int> Noted, long Events);

/// <param name="Done">Rows done of <paramref name="Total"/>, over all files.</param>
public sealed record ImportProgress(string Kind, long Done, long Total, double RowsPerSecond);
