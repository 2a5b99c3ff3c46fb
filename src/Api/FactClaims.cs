using Crm.Api.Campaigns;
using Crm.Api.Customers;
using Crm.Api.Orders;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>What can be said of one record only: whoever says it, over HTTP or by a file, the fact takes the claim.</summary>
public static class FactClaims
{
    public static IEnumerable<Claim> Of(object fact, Guid stream) =>
        [.. ExternalIds.ClaimedBy(fact, stream), .. CampaignCodes.ClaimedBy(fact, stream), .. OrderNumbers.ClaimedBy(fact, stream)];
}
