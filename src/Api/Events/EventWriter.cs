using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.EventModel;
using Crm.Projections;

namespace Crm.Api.Events;

/// <summary>Puts events as they are sent, by whatever way they go out.</summary>
/// <param name="epoch">The life of the store, as it is now.</param>
public sealed class EventWriter(EventTypes types, Unsealer unsealer, Func<string> epoch)
{
    /// <param name="sight">What is hidden from its reader is left out.</param>
    /// <param name="withPersonal">Whether what is known of persons is told; otherwise it is left out.</param>
    public async Task<EventEnvelope> Write(Recorded e, Sight sight, CancellationToken ct, bool withPersonal = true)
    {
        var kind = EventKinds.OfStored(e.TypeName);
        var data = kind is null ? null : Hiding.From(await unsealer.Open(e.Tenant, e.Data, ct), kind.Subject, sight, e.Data);
        foreach (var member in data is null ? [] : withPersonal ? kind!.Kept : [.. kind!.Kept, .. kind.Personal])
        {
            data!.Remove(member);
        }

        return new EventEnvelope(
            e.EventId, kind?.Type ?? e.TypeName, data is null ? null : kind!.Version, kind?.Subject ?? AuditTrail.Other, e.StreamId, e.Version, e.Position,
            new PositionToken(epoch(), e.Position).ToString(), e.OccurredAt, e.RecordedAt, e.Metadata.Undated, e.Metadata.Actor, e.Metadata.Source,
            e.Metadata.RequestId, e.Metadata.CorrelationId, e.Metadata.CausationId, types.Corrected(e.Data), data);
    }
}
