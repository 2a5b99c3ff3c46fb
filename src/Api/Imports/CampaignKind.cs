using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.Campaigns;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>A row registers a campaign, and says what was spent for it.</summary>
internal sealed class CampaignKind : RecordKind
{
    private readonly Field? at, code, channel, startsOn, endsOn, budget;
    private readonly Field name;
    private readonly MoneyFacts spent;

    private CampaignKind(FieldReader fields, MappingNode node)
        : base(CampaignDecider.Instance.StreamType, fields.Table, fields.Key(node), node.Find("repeats")?.Truth() ?? false)
    {
        at = fields.Time(node);
        name = fields.Need(node, "name", "where the campaign's name comes from");
        (code, channel) = (fields.Find(node, "code", IfMissing.SetAside), fields.Find(node, "channel"));
        (startsOn, endsOn, budget) = (fields.Find(node, "startsOn"), fields.Find(node, "endsOn"), fields.Find(node, "budget"));
        spent = MoneyFacts.Read(node.Find("spent"), fields, at);
    }

    public static CampaignKind Read(MappingNode node, FieldReader fields) => new(fields, node.With(
        "file", "sheet", "key", "repeats", "at", "code", "name", "channel", "startsOn", "endsOn", "budget", "spent"));

    public override string ClaimColumn => code?.Column ?? Key[0];

    public override ISaying? Say(RowReader row, string key)
    {
        var when = row.Moment(at);
        var register = new RegisterCampaign(
            NormalForm.Text(row.Text(code) ?? key) ?? key, row.Text(name) ?? "", row.Text(channel), row.Day(startsOn), row.Day(endsOn), row.Amount(budget));
        if (register.Code.Length > RegisterCampaign.LongestCode)
        {
            row.Refuse("too-long", $"A campaign's code has at most {RegisterCampaign.LongestCode} characters.", ClaimColumn);
        }

        List<Dated<ICampaignCommand>> spends =
            [.. spent.Of(row).Select(fact => new Dated<ICampaignCommand>(new SpendOnCampaign(row.Reading.IdOf("spend", $"{key}|{fact.Place}"), fact.Amount!, fact.Reference), fact.At))];

        return row.SetAside is not null ? null : new CampaignSaying(register, when, spends);
    }
}

/// <summary>What a row says of a campaign. Of one that there is it adds what nobody has said yet.</summary>
internal sealed class CampaignSaying(RegisterCampaign said, DateTimeOffset? at, IReadOnlyList<Dated<ICampaignCommand>> spends) : ISaying
{
    public Task<Part> Decide(Guid stream, IReadOnlyList<Recorded> known, EventTypes types, Seal seal)
    {
        var campaign = FoldOrder.Of(known, types).Select(fact => fact.Data).OfType<ICampaignEvent>().Aggregate(Campaign.None, Campaign.Evolve);
        IEnumerable<Dated<ICampaignCommand>> details = campaign is { Registered: { } first, Details: { } now } ? Again(first, now) : [new(said, at)];
        return Task.FromResult(new Saying<Campaign, ICampaignCommand, ICampaignEvent>(CampaignDecider.Instance, [.. details, .. spends]).Decide(stream, known, types));
    }

    private IEnumerable<Dated<ICampaignCommand>> Again(CampaignRegistered first, CampaignRegistered now)
    {
        var more = new ChangeCampaign(
            Name: null, first.Channel is null ? said.Channel : null, first.StartsOn is null ? said.StartsOn : null, first.EndsOn is null ? said.EndsOn : null,
            first.Budget is null ? said.Budget : null);
        if (IsOther(now.Channel, more.Channel) || IsOther(now.StartsOn, more.StartsOn) || IsOther(now.EndsOn, more.EndsOn) || IsOther(now.Budget, more.Budget))
        {
            throw Rejection.WrongState("campaign.registered", "This campaign is registered already, with other values.");
        }

        var register = said with
        {
            Channel = more.Channel is null ? said.Channel : null,
            StartsOn = more.StartsOn is null ? said.StartsOn : null,
            EndsOn = more.EndsOn is null ? said.EndsOn : null,
            Budget = more.Budget is null ? said.Budget : null
        };
        return more == new ChangeCampaign() ? [new(register, at)] : [new(register, at), new(more, OccurredAt: null)];
    }

    private static bool IsOther<T>(T? known, T? said) => known is not null && said is not null && !known.Equals(said);
}
