using Crm.EventModel;

namespace Crm.EventStore;

/// <summary>What Marten's columns have no place for, as the event's headers.</summary>
internal sealed record EventHeaders(
    DateTimeOffset? OccurredAt, string? Source, string? Request, long? Playbook, bool? Undated)
{
    public static EventHeaders Of(NewEvent e) =>
        new(e.OccurredAt, e.Metadata.Source, e.Metadata.RequestId, e.Metadata.PlaybookVersion, e.Metadata.Undated ? true : null);
}
