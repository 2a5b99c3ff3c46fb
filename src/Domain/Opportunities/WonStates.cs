using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>How far a deal that was won has come. To be paid and to be delivered do not wait for each other.</summary>
public enum WonState { Signed, Paid, Delivered }

/// <summary>What was won is paid, or delivered. To sign it is <see cref="WinOpportunity"/>.</summary>
/// <param name="Reference">The number of its voucher.</param>
/// <param name="IsBlind">Whoever says so may not know which voucher it has: whether it has this one is not told by what comes of it.</param>
public sealed record ConfirmOpportunity(WonState State, Playbook Playbook, string? Reference = null, bool IsBlind = false)
    : IOpportunityCommand;

/// <summary>A won deal counts as paid, and as delivered, by a voucher of its own, as its pipeline asks for it.</summary>
public static class WonStates
{
    /// <summary>What is asked for before it counts as that, by the playbook in force.</summary>
    public static IReadOnlyList<GateItem> Asked(Opportunity deal, Playbook playbook, WonState state)
    {
        var road = playbook.Road(deal.Opened!.Pipeline);
        return road is null ? [] : StageGates.Asked(
            deal, road.Stages[^1].Name, state == WonState.Paid ? Gate.Paid : Gate.Delivered,
            state == WonState.Paid ? road.Paid : road.Delivered, playbook);
    }

    internal static IReadOnlyList<IOpportunityEvent> Confirm(Opportunity deal, ConfirmOpportunity c)
    {
        var word = Word(c.State);
        if (deal.Won is null)
        {
            throw Rejection.WrongState("opportunity.not-won", $"Only what is won can be {word}; win it first, or say a later time.");
        }

        if (Is(deal, c.State))
        {
            return c.Reference is null || (c.Reference == VoucherOf(deal, c.State) && !c.IsBlind) ? [] : throw Rejection.WrongState(
                "opportunity.confirmed", c.IsBlind
                    ? $"This opportunity is {word} already; by which voucher is hidden from you."
                    : $"This opportunity is {word} already, with another voucher; withdraw that fact by a correction first.");
        }

        var then = Opportunity.Evolve(deal, Said(c, passed: null));
        return [Said(c, StageGates.Pass(then, Asked(then, c.Playbook, c.State), kept: [], "", $"for this opportunity to count as {word}"))];
    }

    /// <exception cref="Rejection">Its story went on later in another way.</exception>
    internal static void MustStand(Opportunity latest, ConfirmOpportunity c)
    {
        if (latest.Won is null || Is(latest, c.State))
        {
            throw Rejection.WrongState(
                "opportunity.later-outcome", $"This opportunity was reopened, lost or {Word(c.State)} at a later time; that stands.");
        }
    }

    private static IOpportunityEvent Said(ConfirmOpportunity c, IReadOnlyList<GatePassed>? passed) => c.State switch
    {
        WonState.Paid => new OpportunityPaid(c.Reference, passed),
        WonState.Delivered => new OpportunityDelivered(c.Reference, passed),
        _ => throw new ArgumentOutOfRangeException(nameof(c), "It is signed by being won.")
    };

    private static bool Is(Opportunity deal, WonState state) => state == WonState.Paid ? deal.Paid is not null : deal.Delivered is not null;

    private static string? VoucherOf(Opportunity deal, WonState state) =>
        state == WonState.Paid ? deal.Paid?.Reference : deal.Delivered?.Reference;

    private static string Word(WonState state) => state.ToString().ToLowerInvariant();
}
