using Crm.EventModel;

namespace Crm.EventStore.Tests.Faults;

/// <summary>How many facts there are of each cup: a row that tells when an event was folded twice.</summary>
public sealed class FactCount : ReadModel<FactCount.Row>
{
    public sealed record Row(Guid CupId, int Facts);

    public override string Name => "fact_count";

    public override int Version => 1;

    public override Type Reads => typeof(ICoffeeEvent);

    public override Row? Fold(Row? row, Recorded e) => new(e.StreamId, (row?.Facts ?? 0) + 1);
}
