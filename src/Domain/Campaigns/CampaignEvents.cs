namespace Crm.Domain.Campaigns;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ICampaignEvent;

/// <param name="Code">What leads call it; it stays, and no other campaign has it.</param>
public sealed record CampaignRegistered(
    string Code,
    string Name,
    string? Channel = null,
    DateOnly? StartsOn = null,
    DateOnly? EndsOn = null,
    Money? Budget = null) : ICampaignEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Name, Code];
}

/// <summary>What is given is so from now on. Its code stays.</summary>
/// <param name="Cleared">Members that are not known any more, in camelCase.</param>
public sealed record CampaignChanged(
    string? Name = null,
    string? Channel = null,
    DateOnly? StartsOn = null,
    DateOnly? EndsOn = null,
    Money? Budget = null,
    IReadOnlyList<string>? Cleared = null) : ICampaignEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Name];

    /// <summary>The details as they are after this.</summary>
    public CampaignRegistered Over(CampaignRegistered details) => details with
    {
        Name = Name ?? details.Name,
        Channel = Change.Of(Cleared, "channel", Channel, details.Channel),
        StartsOn = Change.Of(Cleared, "startsOn", StartsOn, details.StartsOn),
        EndsOn = Change.Of(Cleared, "endsOn", EndsOn, details.EndsOn),
        Budget = Change.Of(Cleared, "budget", Budget, details.Budget)
    };
}

/// <summary>Money went out for it.</summary>
public sealed record CampaignSpent(Guid SpendId, Money Amount, string? Reference = null) : ICampaignEvent;

/// <summary>An import was taken back, and with it what it had said here.</summary>
/// <param name="ImportId">Which one.</param>
public sealed record CampaignImportUndone(Guid ImportId, IReadOnlyList<Guid> Events) : ICampaignEvent, IRetraction;
