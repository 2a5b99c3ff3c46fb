namespace Crm.Domain.Tasks;

/// <summary>What somebody is to hear of, and whether he has.</summary>
public sealed record Alert
{
    public static readonly Alert None = new();

    public AlertRaised? Raised { get; private init; }

    public bool IsRead { get; private init; }

    public bool IsDismissed { get; private init; }

    public static Alert Evolve(Alert state, IAlertEvent @event) => @event switch
    {
        AlertRaised e => state with { Raised = e },
        AlertRead => state with { IsRead = true },
        AlertDismissed => state with { IsDismissed = true },
        _ => state
    };
}
