using System.Collections.Immutable;

namespace Crm.Domain.DataSources;

/// <summary>A row of somebody's file that gave cause for a remark when it was last read.</summary>
public sealed record DataSourceRow
{
    public static readonly DataSourceRow Unremarked = new();

    /// <summary>Why it was not taken; null when it was.</summary>
    public DataSourceRowSetAside? SetAside { get; private init; }

    public ImmutableList<DataSourceRowNoted> Notes { get; private init; } = [];

    // Every reading starts with its verdict and replaces what was remarked before.
    public static DataSourceRow Evolve(DataSourceRow state, IDataSourceEvent @event) => @event switch
    {
        DataSourceRowSetAside e => new() { SetAside = e },
        DataSourceRowAccepted => Unremarked,
        DataSourceRowNoted e => state with { Notes = state.Notes.Add(e) },
        _ => state
    };
}
