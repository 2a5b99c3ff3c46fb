namespace Crm.Domain.Forecasting;

/// <summary>Something that is taken to be otherwise than it is. What is left out of stage, rep and team is any.</summary>
public abstract record Assumption
{
    /// <summary>Open opportunities that come to nothing.</summary>
    public sealed record Drop(Which Of) : Assumption;

    /// <summary>Open opportunities that are decided so many days later, or earlier, than they are thought to be.</summary>
    public sealed record Slip(Which Of, int Days) : Assumption;

    /// <summary>An opportunity that is not there.</summary>
    public sealed record Add(ForecastDeal Deal) : Assumption;

    /// <summary>Another chance: so many percent, or so many times what it is; never more than certain.</summary>
    /// <param name="Percent">Of the odds, which still age; null where they are multiplied.</param>
    public sealed record Odds(Which Of, decimal? Percent, decimal Times = 1) : Assumption;

    /// <summary>Other settings than the playbook had.</summary>
    public sealed record Settings(ForecastSettings As) : Assumption;
}

/// <summary>Of which opportunities something is assumed: those that are all of what is said.</summary>
public sealed record Which(
    IReadOnlyList<Guid>? Opportunities = null, Guid? Customer = null, string? Pipeline = null, string? Stage = null, string? Team = null, string? Rep = null)
{
    public bool Holds(ForecastDeal deal) => (Opportunities is null || Opportunities.Contains(deal.OpportunityId))
        && (Customer is null || Customer == deal.CustomerId) && (Pipeline is null || Pipeline == deal.Pipeline)
        && (Stage is null || Stage == deal.Stage) && (Team is null || Team == deal.Team) && (Rep is null || Rep == deal.Rep);
}
