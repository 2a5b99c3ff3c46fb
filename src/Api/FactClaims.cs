using Crm.Api.Campaigns;
using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Api.Orders;
using Crm.Api.Tickets;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>What can be said of one record only: whoever says it, over HTTP or by a file, the fact takes the claim.</summary>
public static class FactClaims
{
    /// <summary>The member of a request that said what another record holds.</summary>
    public static Fault[] FaultOf(ClaimTaken taken)
    {
        var member = taken.Kind == CampaignCodes.Kind ? "/code" : taken.Kind == OrderNumbers.Kind ? "/number" : null;
        return member is null ? [] : [Fault.InBody(member, "claim-taken", $"Another record has it: {taken.Holder}.")];
    }

    public static IEnumerable<Claim> Of(object fact, Guid stream) =>
        [.. ExternalIds.ClaimedBy(fact, stream), .. CampaignCodes.ClaimedBy(fact, stream), .. OrderNumbers.ClaimedBy(fact, stream), .. TicketIds.ClaimedBy(fact, stream)];
}
