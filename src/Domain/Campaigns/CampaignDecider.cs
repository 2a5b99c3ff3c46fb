namespace Crm.Domain.Campaigns;

public interface ICampaignCommand;

public sealed record RegisterCampaign(
    string Code,
    string Name,
    string? Channel = null,
    DateOnly? StartsOn = null,
    DateOnly? EndsOn = null,
    Money? Budget = null) : ICampaignCommand
{
    public const int LongestCode = 80;
}

/// <summary>What is null stays as it is; what is named in <paramref name="Cleared"/> is not known any more.</summary>
public sealed record ChangeCampaign(
    string? Name = null,
    string? Channel = null,
    DateOnly? StartsOn = null,
    DateOnly? EndsOn = null,
    Money? Budget = null,
    IReadOnlyList<string>? Cleared = null) : ICampaignCommand;

public sealed record SpendOnCampaign(Guid SpendId, Money Amount, string? Reference = null) : ICampaignCommand, IMayPredate;

public static class CampaignDecider
{
    public static readonly Decider<Campaign, ICampaignCommand, ICampaignEvent> Instance = new("campaign", Campaign.None, Decide, Campaign.Evolve, Precede);

    public static IReadOnlyList<ICampaignEvent> Decide(Campaign state, ICampaignCommand command) => (state, command) switch
    {
        ({ Registered: null }, RegisterCampaign c) => [Sound(Register(c), currency: null)],
        (_, RegisterCampaign c) when state.Registered == Register(c) => [],
        (_, RegisterCampaign) => throw Registered(),

        ({ Registered: null }, _) => throw Rejection.Unknown("campaign.unknown", "There is no such campaign."),

        (_, ChangeCampaign c) => Changed(state, c),
        (_, SpendOnCampaign c) when state.Spends.TryGetValue(c.SpendId, out var known) => known == Spend(c) ? [] : throw SpendKnown(c),
        (_, SpendOnCampaign c) => [Spent(state, c)],
        _ => []
    };

    public static void Precede(Campaign latest, ICampaignCommand command)
    {
        switch (command)
        {
            case RegisterCampaign when latest.Registered is not null:
                throw Registered();
            case SpendOnCampaign c when latest.Spends.ContainsKey(c.SpendId):
                throw SpendKnown(c);
            case SpendOnCampaign c:
                Spent(latest, c);
                break;
            case ChangeCampaign { Budget: { } budget }:
                Fitting(budget, latest.SpentIn, "budget");
                break;
        }
    }

    private static CampaignRegistered Register(RegisterCampaign c) => new(c.Code, c.Name, c.Channel, c.StartsOn, c.EndsOn, c.Budget);

    // Only what becomes another than it was is a fact.
    private static IReadOnlyList<ICampaignEvent> Changed(Campaign state, ChangeCampaign c)
    {
        if (c.Cleared?.Contains("name") == true)
            throw Rejection.BrokenRule("campaign.name", "A campaign has a name; send another one.", "name");

        var details = state.Details!;
        var changed = new CampaignChanged(
            Change.Other(c.Name, details.Name), Change.Other(c.Channel, details.Channel), Change.Other(c.StartsOn, details.StartsOn),
            Change.Other(c.EndsOn, details.EndsOn), Change.Other(c.Budget, details.Budget), Change.Cleared(c.Cleared, name => Known(details, name)));
        if (changed == new CampaignChanged())
            return [];

        Sound(changed.Over(details), state.SpentIn);
        return [changed];
    }

    private static bool Known(CampaignRegistered details, string name) => name switch
    {
        "channel" => details.Channel is not null,
        "startsOn" => details.StartsOn is not null,
        "endsOn" => details.EndsOn is not null,
        "budget" => details.Budget is not null,
        _ => false
    };

    private static CampaignRegistered Sound(CampaignRegistered details, string? currency)
    {
        if (details.EndsOn < details.StartsOn)
            throw Rejection.BrokenRule("campaign.dates", $"It would end on {details.EndsOn:yyyy-MM-dd}, before it starts on {details.StartsOn:yyyy-MM-dd}.", "endsOn");
        if (details.Budget is { } budget)
            Fitting(budget, currency, "budget");
        return details;
    }

    private static CampaignSpent Spend(SpendOnCampaign c) => new(c.SpendId, c.Amount, c.Reference);

    private static CampaignSpent Spent(Campaign state, SpendOnCampaign c)
    {
        Fitting(c.Amount, state.Currency, "amount");
        return c.Amount.Amount > 0 ? Spend(c) : throw OutOfBounds(c.Amount, "amount");
    }

    private static void Fitting(Money amount, string? currency, string field)
    {
        if (currency is not null && amount.Currency != currency)
            throw Rejection.BrokenRule("campaign.currency", $"This campaign is counted in {currency}; an amount in {amount.Currency} does not fit.", field);
        if (amount.Amount is < 0 or > Money.Limit)
            throw OutOfBounds(amount, field);
    }

    private static Rejection OutOfBounds(Money amount, string field) => Rejection.BrokenRule(
        "campaign.amount", $"{amount} is out of bounds; a budget is 0 or more, what was spent more than 0, and neither above {Money.Limit}.", field);

    private static Rejection Registered() => Rejection.WrongState(
        "campaign.registered", "This campaign is registered already, with other values or at another time.");

    private static Rejection SpendKnown(SpendOnCampaign c) => Rejection.WrongState(
        "campaign.spend-known", $"Spend {c.SpendId} is known, with other values or at a later time.");
}
