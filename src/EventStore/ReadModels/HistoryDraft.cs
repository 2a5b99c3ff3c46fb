using Crm.EventModel;

namespace Crm.EventStore.ReadModels;

/// <summary>What a page or a chunk of events does to the history, gathered before it is written.</summary>
internal sealed class HistoryDraft
{
    private readonly Dictionary<(string, Guid, DateTimeOffset, long), HistoryEntry> open = [];
    private readonly List<HistoryEntry> closed = [];
    private readonly List<HistoryEntry> replaced = [];

    /// <summary>Written states that are no longer held true.</summary>
    public IReadOnlyList<HistoryEntry> Closed => closed;

    /// <summary>New states, those among them that a later event showed otherwise included.</summary>
    public IReadOnlyList<HistoryEntry> Opened => [.. replaced, .. open.Values];

    public void Take(Recorded e, FoldedEvent folded)
    {
        foreach (var state in folded.Closed)
        {
            if (open.Remove((e.Tenant, e.StreamId, state.At, state.Version), out var fresh))
            {
                replaced.Add(fresh with { KnownUntil = e.Position });
            }
            else
            {
                closed.Add(new HistoryEntry(e.Tenant, e.StreamId, state, e.Position));
            }
        }

        foreach (var state in folded.Opened)
        {
            open.Add((e.Tenant, e.StreamId, state.At, state.Version), new HistoryEntry(e.Tenant, e.StreamId, state, e.Position));
        }
    }
}
