using Crm.Domain.Customers;
using Crm.EventModel;

namespace Crm.Projections.Customers;

/// <summary>Which tier each customer is in, since when; as it stands, and as it stood at any moment.</summary>
public sealed class CustomerTiers : ReadModel<CustomerTiers.Row>
{
    /// <param name="Tier">Its key in the playbook.</param>
    /// <param name="TierSince">From when on.</param>
    public sealed record Row(Guid CustomerId, string Tier, DateTimeOffset TierSince);

    public override string Name => "customer_tiers";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(CustomerTierSet);

    public override IReadOnlyList<string> Indexes => ["tier"];

    public override Row? Fold(Row? row, Recorded e) => e.Data is not CustomerTierSet x ? row
        : x.Tier is null ? null
        : x.Tier == row?.Tier ? row : new(e.StreamId, x.Tier, e.OccurredAt);
}
