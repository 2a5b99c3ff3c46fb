namespace Crm.Domain.DataSources;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IDataSourceEvent;

public sealed record DataSourceRowSetAside(
    string Source,
    string Kind,
    string File,
    int Line,
    string Key,
    string Reason,
    string Message,
    Personal Row,
    string? Field = null) : IDataSourceEvent;

public sealed record DataSourceRowNoted(
    string Source,
    string Kind,
    string File,
    int Line,
    string Key,
    string Reason,
    string Message,
    string? Field = null) : IDataSourceEvent;

public sealed record DataSourceRowAccepted(string Source, string Kind, string File, int Line, string Key) : IDataSourceEvent;

/// <summary>An import was taken back, and with it what it had said here.</summary>
/// <param name="ImportId">Which one.</param>
public sealed record DataSourceRowImportUndone(Guid ImportId, IReadOnlyList<Guid> Events) : IDataSourceEvent, IRetraction;
