using Crm.Api.Imports.Files;
using Crm.Domain.DataSources;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>Rows that each tell one thing of a record of another kind; all of one record are taken together.</summary>
internal abstract class GroupedKind(string name, TableName table, IReadOnlyList<string> key) : RecordKind(name, table, key, repeats: true)
{
    // Longer than this an author's name is none.
    private const int LongestAuthor = 200;

    /// <summary>Who did what a row tells; null where the files do not say.</summary>
    protected abstract Field? By { get; }

    /// <summary>What tells a row from others of its record.</summary>
    protected abstract IReadOnlyList<Field> Telling { get; }

    /// <summary>What a row says; null when it cannot be taken, for the reasons that the reader has then.</summary>
    public abstract GroupedFact? Read(RowReader row);

    /// <summary>What the rows of one record come to.</summary>
    /// <param name="rows">Those that can be taken, in the order in which they happened.</param>
    public abstract Task<GroupDecision> Decide(Guid record, string key, IReadOnlyList<GroupedFact> rows, GroupContext context);

    /// <summary>By what a row is known again: what it says, not where it stands.</summary>
    public string Identity(string key, RowReader row) => string.Join('|', Telling.Select(field => row.Raw(field) ?? "").Prepend(key));

    // A name from a file is not one of ours: with the source in front nobody is taken for a member.
    public string? Author(RowReader row) =>
        row.Text(By) is { } author ? $"{row.Reading.Mapping.Source}:{(author.Length > LongestAuthor ? author[..LongestAuthor] : author)}" : null;

    /// <summary>Rows are no records of their own.</summary>
    public sealed override ISaying? Say(RowReader row, string key) => null;
}

/// <summary>What one row says.</summary>
internal abstract record GroupedFact(DateTimeOffset At)
{
    /// <summary>By what it is known again; a row that says the same has the same.</summary>
    public string Identity { get; init; } = "";

    public string? Author { get; init; }
}

/// <summary>What the rows of a group are decided with.</summary>
/// <param name="Table">The file of the records that are told of; null where the mapping has none.</param>
internal sealed record GroupContext(Reading Reading, StreamReader Streams, Leads.Captures Captures, SourceFile? Table, Seal Seal, bool AtStart, CancellationToken Ct)
{
    public Task<IReadOnlyList<Recorded>> Known(Guid stream) => Streams.Read(stream, AtStart, Ct);
}

/// <param name="Part">What goes to the record; null for nothing.</param>
/// <param name="Rows">By row, in their order.</param>
internal sealed record GroupDecision(Part? Part, IReadOnlyList<GroupedVerdict> Rows);

/// <param name="Facts">How many facts a row led to.</param>
/// <param name="IsNew">It made the record.</param>
/// <param name="Remarks">What there is to say about it although it is kept.</param>
/// <param name="Refusal">Why it is not taken; null when it is.</param>
internal sealed record GroupedVerdict(int Facts, bool IsNew, IReadOnlyList<RowRemark> Remarks, RowRemark? Refusal);
