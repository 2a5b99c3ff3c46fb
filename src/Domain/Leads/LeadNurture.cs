using System.Collections.Immutable;

namespace Crm.Domain.Leads;

/// <summary>A sequence of mails that a lead is sent: until all are, it comes to us, or somebody takes it.</summary>
/// <param name="Sent">How many were.</param>
/// <param name="NextAt">When the next is due; null where none is.</param>
/// <param name="Stop">Why it gets no more, where that is not written yet.</param>
public sealed record LeadNurture(string Sequence, long Playbook, ImmutableList<NurtureMoment> Moments, int Sent, DateTimeOffset? NextAt,
    NurtureEnd? Stop = null)
{
    public static LeadNurture Of(LeadNurtureStarted e) =>
        new(e.Sequence, e.Playbook, [.. e.Moments], Sent: 0, e.Moments.Select(moment => (DateTimeOffset?)moment.At).FirstOrDefault());

    /// <summary>It is to end. Nothing is left to end of one whose mails were all sent.</summary>
    public LeadNurture? Stopped(NurtureEnd why) =>
        Stop is not null ? this : NextAt is null ? null : this with { NextAt = null, Stop = why };

    public LeadNurture After(LeadNurtureMailed e) =>
        e.Sequence == Sequence ? this with { Sent = e.Step, NextAt = Stop is null ? e.NextAt : null } : this;
}
