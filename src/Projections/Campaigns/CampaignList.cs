using Crm.Domain;
using Crm.Domain.Campaigns;
using Crm.EventModel;

namespace Crm.Projections.Campaigns;

/// <summary>Every campaign as it stands, and as it stood at any moment, with what was spent for it.</summary>
public sealed class CampaignList : ReadModel<CampaignList.Row>
{
    /// <param name="RegisteredAt">Null while there are only facts dated before the registration; such a row is not listed.</param>
    /// <param name="Currency">Of the budget and of what was spent.</param>
    /// <param name="Spent">All of it; null while nothing is.</param>
    public sealed record Row(
        Guid CampaignId, DateTimeOffset? RegisteredAt, string? Code, string? Name, string? Channel, DateOnly? StartsOn, DateOnly? EndsOn, decimal? Budget,
        string? Currency, decimal? Spent);

    public override string Name => "campaign_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ICampaignEvent);

    public override Row? Fold(Row? row, Recorded e)
    {
        var campaign = row ?? new Row(e.StreamId, null, null, null, null, null, null, null, null, null);
        return e.Data switch
        {
            CampaignRegistered x => With(campaign, x) with { RegisteredAt = e.OccurredAt, Code = x.Code },
            CampaignChanged x => With(campaign, x.Over(Details(campaign))),
            CampaignSpent x => campaign with { Spent = (campaign.Spent ?? 0) + x.Amount.Amount, Currency = campaign.Currency ?? x.Amount.Currency },
            _ => row
        };
    }

    private static CampaignRegistered Details(Row r) => new(
        r.Code ?? "", r.Name ?? "", r.Channel, r.StartsOn, r.EndsOn, r.Budget is { } budget ? new Money(budget, r.Currency ?? "") : null);

    // What was spent keeps the currency, whatever becomes of the budget.
    private static Row With(Row row, CampaignRegistered campaign) => row with
    {
        Name = campaign.Name.Length > 0 ? campaign.Name : null,
        Channel = campaign.Channel,
        StartsOn = campaign.StartsOn,
        EndsOn = campaign.EndsOn,
        Budget = campaign.Budget?.Amount,
        Currency = row.Spent is null ? campaign.Budget?.Currency : row.Currency
    };
}
