using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>
/// Marks an opportunity that is over a limit of its stage, or that lacks evidence of a gate that it passed; says of marks that they have
/// ended; and says when one is to be looked at again. A limit that is reached to the very moment is kept; a microsecond later it is not.
/// </summary>
public static class MarkOpportunity
{
    /// <summary>The mark of one whose evidence is gone.</summary>
    public const string EvidenceGone = "evidence-gone";

    // As fine as the store's times are.
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);

    /// <summary>What has to be said of it now; none where all is said.</summary>
    /// <param name="rules">Those of the version by which it is judged in its stage; null where none judges it.</param>
    public static IReadOnlyList<IOpportunityEvent> Decide(Opportunity deal, StageClock clock, StagePolicy? rules, DateTimeOffset now) =>
    [
        .. clock.Ended.Select(ended => new OpportunityMarkCleared(ended.Key, ended.Value.Why)),
        .. Evidence(deal, clock, now),
        .. Limits(deal, clock, rules).Where(limit => limit.Due < now).Select(limit => Marked(deal, clock, rules!, limit)),
        .. Escalations(clock).Where(mark => mark.EscalateAt < now)
            .Select(mark => new OpportunityMarkEscalated(mark.Limit, mark.EscalateAt!.Value))
    ];

    /// <summary>The first moment at which there will be something to say, if nothing happens before; null for never.</summary>
    public static DateTimeOffset? Next(Opportunity deal, StageClock clock, StagePolicy? rules) =>
        Limits(deal, clock, rules).Select(limit => (DateTimeOffset?)limit.Due).Concat(Escalations(clock).Select(mark => mark.EscalateAt))
            .Min() + Moment;

    private static IEnumerable<(LimitSection Section, MarkOf Of, DateTimeOffset Since, DateTimeOffset Due)> Limits(
        Opportunity deal, StageClock clock, StagePolicy? rules)
    {
        if (rules is null || deal.Opened is not { } opened || clock is { IsFlagged: true } or { Outcome: not OpportunityOutcome.Open })
        {
            yield break;
        }

        foreach (var limit in rules.LimitsOf(opened.Pipeline, clock.Stage).Where(limit => !clock.Marks.ContainsKey(limit.Key)))
        {
            var of = limit.Of == LimitOf.Silence ? MarkOf.Silence : MarkOf.Stay;
            if (clock.SinceOf(of) is { } since && rules.After(since, limit.After) is { } due)
            {
                yield return (limit, of, since, due);
            }
        }
    }

    private static OpportunityMarked Marked(
        Opportunity deal, StageClock clock, StagePolicy rules,
        (LimitSection Section, MarkOf Of, DateTimeOffset Since, DateTimeOffset Due) limit)
    {
        var (missing, done) = limit.Of == MarkOf.Stay ? StageGates.ToDo(deal, clock.Stage!, rules) : (null, null);
        return new(
            limit.Section.Key, limit.Section.Name, limit.Of, clock.Stage!, limit.Since, limit.Due, clock.Playbook,
            limit.Section.EscalateAfter is { } more ? rules.After(limit.Due, more) : null, limit.Section.Mark,
            Missing: missing, Done: done);
    }

    private static IEnumerable<StageMark> Escalations(StageClock clock) =>
        clock.Marks.Values.Where(mark => mark is { EscalateAt: not null, IsEscalated: false });

    // One mark for all that is gone; when more goes it is said anew.
    private static IEnumerable<IOpportunityEvent> Evidence(Opportunity deal, StageClock clock, DateTimeOffset now)
    {
        var mark = clock.Marks.GetValueOrDefault(EvidenceGone);
        IReadOnlyList<GoneEvidence> gone = deal.Opened is null || clock is { IsFlagged: true } or { Outcome: OpportunityOutcome.Lost } ? []
            : [.. StageGates.Gone(deal).Select(one => new GoneEvidence(one.Stage, one.Gate, one.Evidence.Key, one.Evidence.Name))
                .Distinct()];
        if (gone.Count == 0)
        {
            return mark is null ? [] : [new OpportunityMarkCleared(EvidenceGone, MarkCleared.EvidenceBack)];
        }

        return gone.Except(mark?.Gone ?? []).Any()
            ? [new OpportunityMarked(EvidenceGone, EvidenceGone, MarkOf.Evidence, clock.Stage!, now, now, clock.Playbook, Gone: gone)] : [];
    }
}
