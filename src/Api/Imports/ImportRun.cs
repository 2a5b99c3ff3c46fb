namespace Crm.Api.Imports;

/// <summary>How an importer goes through its files.</summary>
/// <param name="Id">By what its events are known: their request.</param>
internal sealed record ImportRun(string Id)
{
    /// <summary>Decide on every row, and write nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Lines of a kind that are done already.</summary>
    public Func<RecordKind, CancellationToken, Task<IReadOnlySet<int>>> Done { get; init; } = (_, _) => Task.FromResult<IReadOnlySet<int>>(new HashSet<int>());

    /// <summary>Told of each row, from several threads.</summary>
    public Func<RecordKind, NumberedRow, RowOutcome, CancellationToken, ValueTask> Took { get; init; } = (_, _, _, _) => ValueTask.CompletedTask;

    /// <summary>Told when all rows of a file were taken.</summary>
    public Func<CancellationToken, Task> FileEnded { get; init; } = _ => Task.CompletedTask;
}
