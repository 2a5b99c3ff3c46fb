using Crm.Domain.CustomFields;

namespace Crm.Domain.Opportunities;

/// <summary>Several members of an opportunity changed at once: each fact says only what becomes another than it was.</summary>
internal static class OpportunityChange
{
    private static readonly string[] Never = ["name", "type", "amount", "expectedClose"];

    public static IReadOnlyList<IOpportunityEvent> Decide(Opportunity state, ChangeOpportunity c)
    {
        if (c.Cleared?.FirstOrDefault(Never.Contains) is { } kept)
            throw Rejection.BrokenRule("opportunity.member-kept", $"An opportunity does not lose its {kept}; send another one.", kept);

        var details = state.Details!;
        var changed = new OpportunityChanged(
            Change.Other(c.Name, details.Name), Change.Other(c.Type, details.Type), Change.Other(c.CustomerId, details.CustomerId),
            Change.Other(c.Source, details.Source), Change.Other(c.Product, details.Product), Change.Other(c.Competitor, details.Competitor),
            c.Tags is null || c.Tags.SequenceEqual(details.Tags) ? null : c.Tags, Change.Other(c.ExternalId, details.ExternalId),
            Change.Cleared(CustomValues.Each(c.Cleared, details.Custom), name => Known(details, name)),
            CustomValues.Other(c.Custom, details.Custom));
        return
        [
            .. changed == new OpportunityChanged() ? Array.Empty<IOpportunityEvent>() : [changed],
            .. c.Amount is { } amount ? OpportunityDecider.Decide(state, new ChangeOpportunityAmount(amount, c.Playbook, c.ApprovalId)) : [],
            .. c.ExpectedClose is { } day ? OpportunityDecider.Decide(state, new ChangeOpportunityCloseDate(day)) : []
        ];
    }

    private static bool Known(OpportunityOpened details, string name) => name switch
    {
        "customerId" => details.CustomerId is not null,
        "source" => details.Source is not null,
        "product" => details.Product is not null,
        "competitor" => details.Competitor is not null,
        "tags" => details.Tags.Count > 0,
        "externalId" => details.ExternalId is not null,
        _ => CustomValues.KeyIn(name) is { } key && details.Custom?[key] is not null
    };
}
