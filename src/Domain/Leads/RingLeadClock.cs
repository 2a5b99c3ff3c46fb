namespace Crm.Domain.Leads;

/// <summary>What happens when a moment has come that something was expected by.</summary>
public static class RingLeadClock
{
    /// <summary>All that is due, in the order in which it was due; none where nothing is.</summary>
    public static IReadOnlyList<ILeadEvent> Decide(LeadClock clock, LeadPolicy policy, DateTimeOffset now)
    {
        var facts = new List<ILeadEvent>();
        while (clock.Due <= now)
        {
            IReadOnlyList<ILeadEvent> due = clock switch
            {
                { Rep: null, Nurture: { } nurture, IsUnsubscribed: true } when nurture.NextAt == clock.Due =>
                    [new LeadNurtureEnded(nurture.Sequence, NurtureEnd.Unsubscribed)],
                { Rep: null, Nurture: { } nurture } when nurture.NextAt == clock.Due =>
                    policy.Document.Nurture is null ? [new LeadNurtureEnded(nurture.Sequence, NurtureEnd.Withdrawn)] : NurtureLead.Mail(nurture, now),
                { Rep: null } => [],
                _ when !IsExpected(clock, policy) => [new LeadClocksStopped(clock.Rep)],
                _ when clock.RemindAt == clock.Due => [new LeadReminded(clock.Rep, clock.RespondBy ?? clock.Due!.Value)],
                _ when clock.RespondBy == clock.Due => [new LeadResponseMissed(clock.Rep, clock.RespondBy!.Value, clock.Round), new LeadReturned(clock.Rep, ReturnedBecause.NoResponse)],
                _ => [Silence(clock, policy)]
            };
            if (due.Count == 0)
            {
                break;
            }

            facts.AddRange(due);
            clock = due.Aggregate(clock, (state, fact) => LeadClock.Evolve(state, fact, now));
        }

        return facts;
    }

    private static bool IsExpected(LeadClock clock, LeadPolicy policy) =>
        clock.Due == clock.SilentAt ? policy is { Silence: not null, Calendar: not null } : policy.FirstResponse is not null;

    private static ILeadEvent Silence(LeadClock clock, LeadPolicy policy)
    {
        // Only a follow-up puts it off: when he got the lead is stamped a moment after his terms were counted.
        if (clock.FollowedUpAt is { } last && policy.SilentAfter(last) is { } expected && expected > clock.SilentAt)
        {
            return new LeadFollowUpExpected(clock.Rep!, expected);
        }

        var (above, step) = (policy.Above(clock.Rep!), clock.SilenceStep + 1);
        var goesOn = step < Math.Min(policy.Silence?.Steps ?? 0, above.Count);
        return new LeadSilent(clock.Rep!, clock.FollowedUpAt ?? clock.AssignedAt!.Value, step, above.ElementAtOrDefault(step - 1), goesOn ? policy.SilentAfter(clock.SilentAt!.Value) : null);
    }
}
