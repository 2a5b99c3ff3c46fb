using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Projections.Opportunities;

/// <summary>
/// What gates asked to be done with opportunities, and how much of it was done when it was due. It is due when the opportunity goes through
/// the gate; what lets it go on from its stage, when a limit of its stay there is over, if that is earlier. The row of an opportunity says
/// what was due last; its history, read by when that was, is all that was. Each thing is due once, however often the gate is passed.
/// </summary>
public sealed class GateActions : ReadModel<GateActions.Row>
{
    /// <param name="FirstAt">When the first of its facts was. What was due at that very moment is told before a flag that holds from then
    /// on.</param>
    /// <param name="IsFlagged">It is a test, or junk: nothing that was due with it counts.</param>
    /// <param name="Rep">Who had it then.</param>
    /// <param name="Outcome"><c>open</c>, <c>won</c> or <c>lost</c>.</param>
    /// <param name="JudgedBy">The version of the playbook that judges it in its stage.</param>
    /// <param name="JudgedSince">From when a stay in its stage is counted.</param>
    /// <param name="Counted">All that was due so far: stage, gate and key.</param>
    /// <param name="DueAt">When what was due last was; null where something else happened since.</param>
    /// <param name="Required">How many things that were.</param>
    /// <param name="InTime">How many of them were done by then; what an approval stood in for was not.</param>
    public sealed record Row(
        Guid OpportunityId, DateTimeOffset FirstAt, bool IsFlagged, string? Rep, string? Team, string? Stage, string Outcome,
        long? JudgedBy, DateTimeOffset? JudgedSince, IReadOnlyList<string> Counted, DateTimeOffset? DueAt, int Required, int InTime)
    {
        public static Row New(Guid id, DateTimeOffset firstAt) =>
            new(id, firstAt, false, null, null, null, OpportunityStatus.Open, null, null, [], null, 0, 0);

        internal Row Passing(IReadOnlyList<GatePassed>? passed, DateTimeOffset at) => passed is null ? this : Due(
            at, [.. passed.Where(one => one.InsteadOf != GateAsk.Condition)
                .Select(one => (Name(one.Stage, one.Gate, one.Evidence.Key), one.InsteadOf is null))]);

        internal Row Overdue(OpportunityMarked mark) =>
            Due(mark.Due, [.. Left(mark.Stage, mark.Missing, isDone: false), .. Left(mark.Stage, mark.Done, isDone: true)]);

        private Row Due(DateTimeOffset at, IReadOnlyList<(string Name, bool IsDone)> asked)
        {
            var due = asked.Where(one => !Counted.Contains(one.Name)).ToList();
            return due.Count == 0 ? this : this with
            {
                Counted = [.. Counted, .. due.Select(one => one.Name)],
                DueAt = at,
                Required = due.Count,
                InTime = due.Count(one => one.IsDone)
            };
        }

        private static IEnumerable<(string Name, bool IsDone)> Left(string stage, IReadOnlyList<string>? keys, bool isDone) =>
            (keys ?? []).Select(key => (Name(stage, Gate.Exit, key), isDone));

        private static string Name(string stage, Gate gate, string key) => $"{stage} {gate} {key}";
    }

    public override string Name => "gate_actions";

    public override int Version => 2;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IOpportunityEvent);

    /// <summary>What was due in a span of time, with whatever opportunity.</summary>
    public override IReadOnlyList<string> HistoryIndexes => ["due_at"];

    public override Row? Fold(Row? row, Recorded e)
    {
        if (e.Data is not IOpportunityEvent fact)
        {
            return row;
        }

        var before = row ?? Row.New(e.StreamId, e.OccurredAt);
        var clock = StageClock.Evolve(Clock(before), fact, e.OccurredAt);
        var stands = Owned(before, fact) with
        {
            IsFlagged = clock.IsFlagged,
            Stage = clock.Stage,
            Outcome = Word(clock.Outcome),
            JudgedBy = clock.Playbook,
            JudgedSince = clock.Since
        };
        var then = fact switch
        {
            OpportunityOpened x => stands.Passing(x.Passed, e.OccurredAt),
            OpportunityStageEntered x => stands.Passing(x.Passed, e.OccurredAt),
            OpportunityReopened x => stands.Passing(x.Passed, e.OccurredAt),
            OpportunityWon x => stands.Passing(x.Passed, e.OccurredAt),
            OpportunityPaid x => stands.Passing(x.Passed, e.OccurredAt),
            OpportunityDelivered x => stands.Passing(x.Passed, e.OccurredAt),
            OpportunityMarked x when clock.Marks.ContainsKey(x.Limit) => stands.Overdue(x),
            _ => stands
        };

        // Whose it is now makes nothing due: what was due last would be counted twice.
        return then == before ? row
            : ReferenceEquals(then.Counted, before.Counted) ? then with { DueAt = null, Required = 0, InTime = 0 } : then;
    }

    // How it was opened is the ground that other facts lie upon, even those dated before it.
    private static Row Owned(Row row, IOpportunityEvent fact) => fact switch
    {
        OpportunityOpened x => row with { Rep = row.Rep ?? x.Rep, Team = row.Team ?? x.Team },
        OpportunityAssigned x => row with { Rep = x.Rep ?? row.Rep, Team = x.Team ?? row.Team },
        _ => row
    };

    private static StageClock Clock(Row row) => StageClock.None with
    {
        Stage = row.Stage,
        Outcome = row.Outcome switch
        {
            OpportunityStatus.Won => OpportunityOutcome.Won,
            OpportunityStatus.Lost => OpportunityOutcome.Lost,
            _ => OpportunityOutcome.Open
        },
        IsFlagged = row.IsFlagged,
        Playbook = row.JudgedBy,
        Since = row.JudgedSince
    };

    private static string Word(OpportunityOutcome outcome) => outcome switch
    {
        OpportunityOutcome.Won => OpportunityStatus.Won,
        OpportunityOutcome.Lost => OpportunityStatus.Lost,
        _ => OpportunityStatus.Open
    };
}
