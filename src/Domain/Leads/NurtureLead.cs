namespace Crm.Domain.Leads;

/// <summary>Leads that nobody works on yet are sent mails by a sequence of the playbook, until they come to us.</summary>
public static class NurtureLead
{
    // One that goes out later than that sets back those after it: nobody gets two at once since a program was away.
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);

    /// <summary>What its rules say of one that is nobody's: the first sequence that fits, once each.</summary>
    /// <param name="band">In which its points are; null where there are no bands.</param>
    /// <param name="playbook">The version of the rules.</param>
    public static LeadNurtureStarted? React(Lead lead, LeadClock clock, string? band, LeadPolicy policy, long playbook, DateTimeOffset now)
    {
        if (!CanBegin(lead, clock) || clock.Rep is not null || clock.HasAnswered || policy.Sequences.Count == 0)
        {
            return null;
        }

        var row = LeadFields.RowOf(lead);
        return policy.Sequences.FirstOrDefault(one =>
            one.BeginsByItself && !clock.Sequences.Contains(one.Section.Key) && one.Fits(row, band)) is { } fits
            ? new LeadNurtureStarted(
                fits.Section.Key, playbook, fits.Moments(now), fits.Section.Band is null ? NurtureBecause.Rule : NurtureBecause.Band)
            : null;
    }

    /// <summary>Somebody puts it there; whoever has it lets go of it.</summary>
    /// <exception cref="Rejection">It cannot be sent mails, or there is no such sequence.</exception>
    public static IReadOnlyList<ILeadEvent> Start(Lead lead, LeadClock clock, string sequence, LeadPolicy? policy, long playbook,
        string? reason, DateTimeOffset now)
    {
        var released = LeadPool.Release(lead);
        var wanted = policy?.Sequences.FirstOrDefault(one => one.Section.Key == sequence)
            ?? throw Rejection.BrokenRule(
                "lead.nurture-unknown", $"The playbook that is in force has no sequence '{sequence}'.", "sequence");
        return clock.Nurture is { NextAt: not null } running && running.Sequence == sequence ? []
            : clock.Nurture is { NextAt: not null }
            ? throw Rejection.WrongState("lead.nurtured", $"This lead is sent '{clock.Nurture.Sequence}' already; stop that first.")
            : lead.Details?.Email is null ? throw Rejection.WrongState("lead.no-email", "This lead has no address of mail.")
            : clock.IsUnsubscribed ? throw Rejection.WrongState("lead.unsubscribed", "Whoever this is wants no mails.")
            : clock.IsFlagged ? throw FlagLead.Flagged()
            : [.. released, new LeadNurtureStarted(sequence, playbook, wanted.Moments(now), NurtureBecause.Hand, reason)];
    }

    /// <summary>The mail that is due.</summary>
    public static IReadOnlyList<ILeadEvent> Mail(LeadNurture nurture, DateTimeOffset now)
    {
        var (due, rest) = (nurture.NextAt!.Value, nurture.Moments.Skip(nurture.Sent).ToList());
        if (rest.Count == 0)
        {
            return [new LeadNurtureEnded(nurture.Sequence, NurtureEnd.Completed)];
        }

        DateTimeOffset? next = rest.Count < 2 ? null
            : now - due > Late || due > rest[0].At ? Later(rest[1].At, now + (rest[1].At - rest[0].At))
            : rest[1].At;
        return
        [
            new LeadNurtureMailed(nurture.Sequence, nurture.Playbook, nurture.Sent + 1, rest[0].Template, due, next),
            .. next is null ? [new LeadNurtureEnded(nurture.Sequence, NurtureEnd.Completed)] : (ILeadEvent[])[]
        ];
    }

    private static bool CanBegin(Lead lead, LeadClock clock) =>
        clock is { IsOpen: true, Nurture: null, IsUnsubscribed: false } && lead.Details?.Email is not null;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
