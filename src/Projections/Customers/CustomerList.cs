using Crm.Domain.Customers;
using Crm.Domain.CustomFields;
using Crm.EventModel;

namespace Crm.Projections.Customers;

/// <summary>Every customer as it stands, and as it stood at any moment.</summary>
public sealed class CustomerList : ReadModel<CustomerList.Row>
{
    /// <param name="RegisteredAt">Null while there are only facts dated before the registration; such a row is not listed.</param>
    /// <param name="Custom">What is known by the fields of its playbook.</param>
    /// <param name="ExternalIds">As <c>system:id</c>, in order of identification.</param>
    /// <param name="Tier">Its key in the playbook; null for none.</param>
    /// <param name="TierSince">From when on it is in that one.</param>
    /// <param name="TierByRule">Whether a rule put it there; null where it is in none.</param>
    /// <param name="Lifecycle">The stage of its lifecycle, by its key in the playbook; null for none.</param>
    /// <param name="LifecycleSince">When it came to it.</param>
    public sealed record Row(
        Guid CustomerId, DateTimeOffset? RegisteredAt, string? Name, string? Industry, string? Region, string? Country, int? Employees,
        string? Website, Guid? ParentId, Guid? LeadId, IReadOnlyList<string> ExternalIds,
        IReadOnlyList<string> Tags, string? Tier = null, DateTimeOffset? TierSince = null, bool? TierByRule = null,
        string? Lifecycle = null, DateTimeOffset? LifecycleSince = null, IReadOnlyDictionary<string, string>? Custom = null);

    public override string Name => "customer_list";

    public override int Version => 3;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ICustomerEvent);

    /// <summary>Those of a tier, and of a stage.</summary>
    public override IReadOnlyList<string> Indexes => ["tier", "lifecycle"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var customer = row ?? new Row(e.StreamId, null, null, null, null, null, null, null, null, null, [], []);
        return e.Data switch
        {
            CustomerRegistered x => customer with
            {
                RegisteredAt = e.OccurredAt,
                Name = x.Name,
                Industry = x.Industry,
                Region = x.Region,
                Country = x.Country,
                Employees = x.Employees,
                Website = x.Website,
                ParentId = x.ParentId,
                LeadId = x.LeadId,
                Custom = x.Custom?.ByKey
            },
            CustomerChanged x => Changed(customer, x),
            CustomerIdentified x => customer with { ExternalIds = [.. customer.ExternalIds, $"{x.System}:{x.ExternalId}"] },
            CustomerTagged x => customer with { Tags = x.Over(customer.Tags) },
            CustomerTierSet x => customer with
            {
                Tier = x.Tier,
                TierSince = x.Tier is null ? null : x.Tier == customer.Tier ? customer.TierSince : e.OccurredAt,
                TierByRule = x.Tier is null ? null : x.Playbook is not null
            },
            CustomerLifecycleEntered x => customer with { Lifecycle = x.Stage, LifecycleSince = x.Stage is null ? null : e.OccurredAt },
            _ => row
        };
    }

    private static Row Changed(Row row, CustomerChanged change)
    {
        var details = change.Over(new CustomerRegistered(
            row.Name ?? "", row.Industry, row.Region, row.Country, row.Employees, row.Website, row.ParentId,
            Custom: CustomValues.Of(row.Custom)));
        return row with
        {
            Name = change.Name ?? row.Name,
            Industry = details.Industry,
            Region = details.Region,
            Country = details.Country,
            Employees = details.Employees,
            Website = details.Website,
            ParentId = details.ParentId,
            Custom = details.Custom?.ByKey
        };
    }
}
