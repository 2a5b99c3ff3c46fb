using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>
/// A change of the amount that is too large waits until others have looked at it; meanwhile the old amount counts. It is measured from the last
/// amount that was looked at, or else from the first: many small steps together are as large as one.
/// </summary>
internal static class AmountBreaker
{
    public static IReadOnlyList<IOpportunityEvent> Change(Opportunity state, ChangeOpportunityAmount c)
    {
        var (amount, breaker) = (OpportunityRules.Amount(c.Amount, state.Amount!.Currency), c.Playbook.AmountBreaker);
        MustNotWait(state);
        return breaker is null || state.ReviewedAmount is not { } reviewed ? [new OpportunityAmountChanged(amount)]
            : IsTooLarge(reviewed, amount, breaker) ? [new OpportunityAmountHeld(amount, reviewed, breaker.Percent, c.ApprovalId, breaker.Flow)]
            // From nothing there is nothing to measure by.
            : [new OpportunityAmountChanged(amount, reviewed.Amount == 0 ? null : reviewed)];
    }

    /// <summary>The amount that it is won with.</summary>
    /// <exception cref="Rejection">A change waits, or this would be one that has to.</exception>
    public static Money Signed(Opportunity state, WinOpportunity c)
    {
        MustNotWait(state);
        if (c.Amount is null)
            return state.Amount!;

        var amount = OpportunityRules.Amount(c.Amount, state.Amount!.Currency);
        return c.Playbook.AmountBreaker is { } breaker && state.ReviewedAmount is { } reviewed && IsTooLarge(reviewed, amount, breaker)
            ? throw Rejection.BrokenRule("opportunity.amount-review",
                $"{amount} is more than {breaker.Percent} % away from the amount that was last looked at. Change the amount first; when that is granted, win it.",
                "amount")
            : amount;
    }

    /// <summary>What comes of the change that waits when its approval has ended; of one that was closed meanwhile, nothing.</summary>
    public static IReadOnlyList<IOpportunityEvent> Settle(Opportunity state, OpportunityApprovalSettled settled) =>
        state.HeldAmount is { } held && held.ApprovalId == settled.ApprovalId && settled.Granted && !state.IsClosed
            ? [settled, new OpportunityAmountChanged(held.Amount, ApprovalId: held.ApprovalId)] : [settled];

    private static bool IsTooLarge(Money reviewed, Money amount, AmountBreakerSection breaker) =>
        reviewed.Amount != 0 && Math.Abs(amount.Amount - reviewed.Amount) * 100 > breaker.Percent * reviewed.Amount;

    /// <exception cref="Rejection">A change waits.</exception>
    public static void MustNotWait(Opportunity state)
    {
        if (state.HeldAmount is { } held)
            throw Rejection.WrongState("opportunity.amount-held",
                $"A change of the amount waits for approval {held.ApprovalId}; decide or withdraw that first.");
    }
}
