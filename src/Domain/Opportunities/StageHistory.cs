using Crm.Domain.DataSources;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>A change of an opportunity as another system recorded it.</summary>
/// <param name="Into">Open where it entered a stage.</param>
/// <param name="Stage">Of a change into a stage.</param>
public sealed record RecordedChange(
    DateTimeOffset At, OpportunityOutcome Into, string? Stage = null, Money? Amount = null, string? LossReason = null);

/// <summary>What a recorded change comes to.</summary>
/// <param name="Facts">Those that are new.</param>
/// <param name="Remarks">What there is to say about it although it is kept.</param>
/// <param name="Refusal">Why it is not taken; null when it is.</param>
public sealed record ChangeVerdict(IReadOnlyList<IOpportunityEvent> Facts, IReadOnlyList<RowRemark> Remarks, RowRemark? Refusal = null);

/// <summary>
/// An opportunity's changes as another system recorded them, all at once. They happened, so our rules of what may follow what do not hold them
/// up: moves backward, ties in time, changes before the opening or after a closing are kept and remarked on. Said again, they say nothing new:
/// what a change comes to follows from the changes before it and from what others than this history said, not from what it said itself.
/// </summary>
public sealed class StageHistory
{
    private readonly IReadOnlyList<Dated> known;
    private readonly IReadOnlyList<RecordedChange> changes;
    private readonly OpenOpportunity opening;
    private readonly Func<DateTimeOffset, DateOnly> dayOf;
    private readonly Dated? closing;

    private OpportunityOpened? opened;
    private DateTimeOffset openedAt;
    private RecordedChange? before;
    private string? stage;
    private Money? amount;

    private StageHistory(
        IReadOnlyList<Dated> known, IReadOnlyList<RecordedChange> changes, OpenOpportunity opening, Func<DateTimeOffset, DateOnly> dayOf)
    {
        (this.known, this.changes, this.opening, this.dayOf) = (known, changes, opening, dayOf);
        if (known.FirstOrDefault(fact => fact.What is OpportunityOpened) is { } first)
        {
            (opened, openedAt) = ((OpportunityOpened)first.What, first.At);
        }

        var foreign = known.Where(fact => fact.What is OpportunityWon or OpportunityLost or OpportunityReopened && !IsOurs(fact)).MaxBy(fact => fact.At);
        closing = foreign?.What is OpportunityReopened ? null : foreign;
    }

    /// <summary>A fact, and when it happened.</summary>
    public sealed record Dated(IOpportunityEvent What, DateTimeOffset At);

    /// <param name="known">Every fact as it was recorded, in the order of their versions.</param>
    /// <param name="changes">In the order in which they happened; of those at one time, in the order in which they were recorded.</param>
    /// <param name="opening">How it was opened, where nobody else says it; stage and amount are those of the first change.</param>
    /// <param name="dayOf">On which day a moment lies.</param>
    public static IReadOnlyList<ChangeVerdict> Decide(
        IReadOnlyList<Dated> known, IReadOnlyList<RecordedChange> changes, OpenOpportunity opening, Func<DateTimeOffset, DateOnly> dayOf)
    {
        var history = new StageHistory(known, changes, opening, dayOf);
        return [.. changes.Select(history.Take)];
    }

    private ChangeVerdict Take(RecordedChange change)
    {
        try
        {
            if (change.Stage is not null)
                OpportunityRules.Stage(opened?.Pipeline ?? opening.Pipeline, change.Stage, opening.Playbook);
            if (change.Amount is not null)
                OpportunityRules.Amount(change.Amount, opened?.Amount.Currency ?? change.Amount.Currency);
        }
        catch (Rejection rejection)
        {
            return new([], [], new RowRemark(rejection.Code, rejection.Message, rejection.Field));
        }

        if (change.Into != OpportunityOutcome.Open && closing is { } other && OutcomeOf(other.What) != change.Into)
            return new([], [], new RowRemark("other-outcome",
                $"The change says that it was {Name(change.Into)}, and it is known as {Name(OutcomeOf(other.What))} since {other.At:yyyy-MM-dd}; that stands."));

        var remarks = Remarks(change).ToList();
        IReadOnlyList<IOpportunityEvent> facts = [.. Facts(change).Where(fact => !IsKnown(fact, change.At))];
        (before, stage) = (change, change.Stage ?? stage);
        return new(facts, remarks);
    }

    private IEnumerable<IOpportunityEvent> Facts(RecordedChange change)
    {
        if (opened is null)
        {
            (opened, openedAt, amount) = (Opened(change), change.At, change.Amount);
            yield return opened;
            if (change.Into == OpportunityOutcome.Open)
                yield break;
        }

        var isSame = before is null ? IsSoAlready(change) : before.Into == change.Into && before.Stage == change.Stage;
        var worth = amount ?? WorthBefore(change.At);
        if (change.Into == OpportunityOutcome.Open && !isSame)
            yield return before is { Into: not OpportunityOutcome.Open } && closing is null
                ? new OpportunityReopened(Stage: change.Stage)
                : new OpportunityStageEntered(change.Stage!);

        if (change.Into == OpportunityOutcome.Open && change.Amount is { } said && said != worth)
            yield return new OpportunityAmountChanged(said);

        if (change.Into != OpportunityOutcome.Open && !isSame && closing is null)
            yield return change.Into == OpportunityOutcome.Won
                ? new OpportunityWon(change.Amount ?? worth)
                : new OpportunityLost(change.LossReason ?? "not recorded");

        amount = change.Into == OpportunityOutcome.Lost ? amount : change.Amount ?? amount;
    }

    private IEnumerable<RowRemark> Remarks(RecordedChange change)
    {
        if (before is { } last && last.At == change.At && (last.Into, last.Stage) != (change.Into, change.Stage))
            yield return new("same-time", "Another change of this opportunity has the same time; which came first is as in the file.");

        if (change.Stage is { } name && (stage ?? StageBefore(change.At)) is { } from && Place(name) < Place(from))
            yield return new("stage-backward", $"It moves back, from {from} to {name}.");

        if (opened is not null && change.At < openedAt)
            yield return new("before-opening", $"It happened before {openedAt:yyyy-MM-ddTHH:mm:ssZ}, when the opportunity is said to have been opened.");

        if (closing is { } end && change.Into == OpportunityOutcome.Open && change.At > end.At && dayOf(change.At) > dayOf(end.At))
            yield return new("after-closing", $"It is known as {Name(OutcomeOf(end.What))} since {end.At:yyyy-MM-dd}; this change is later, and leaves that as it is.");

        if (closing is { } other && change.Into == OutcomeOf(other.What) && dayOf(change.At) != dayOf(other.At))
            yield return new("outcome-other-day", $"It is known as {Name(change.Into)} since {other.At:yyyy-MM-dd}; that day stands.");
    }

    private OpportunityOpened Opened(RecordedChange change)
    {
        var stated = opening with { Stage = change.Stage, Amount = change.Amount ?? opening.Amount };
        return (OpportunityOpened)OpportunityDecider.Decide(Opportunity.None, stated)[0];
    }

    private bool IsSoAlready(RecordedChange change) => change.Into == OpportunityOutcome.Open && change.Stage == StageBefore(change.At);

    // Strictly before: what stands at the time itself may be what this history said the last time that it was read.
    private string? StageBefore(DateTimeOffset at) => Before(at).Select(fact => fact.What switch
    {
        OpportunityStageEntered e => e.Stage,
        OpportunityReopened e => e.Stage,
        _ => null
    }).LastOrDefault(name => name is not null) ?? (openedAt <= at ? opened?.Stage : null);

    private Money WorthBefore(DateTimeOffset at) => Before(at).Select(fact => fact.What switch
    {
        OpportunityAmountChanged e => e.Amount,
        OpportunityWon e => e.Amount,
        _ => null
    }).LastOrDefault(worth => worth is not null) ?? opened!.Amount;

    private IEnumerable<Dated> Before(DateTimeOffset at) => known.Where(fact => fact.At < at).OrderBy(fact => fact.At);

    private bool IsOurs(Dated fact) => changes.Any(change => change.At == fact.At && fact.What switch
    {
        OpportunityReopened e => change.Into == OpportunityOutcome.Open && change.Stage == e.Stage,
        _ => change.Into == OutcomeOf(fact.What)
    });

    private bool IsKnown(IOpportunityEvent fact, DateTimeOffset at) => known.Any(one => one.At == at && (fact, one.What) switch
    {
        (OpportunityWon, OpportunityWon) or (OpportunityLost, OpportunityLost) => true,
        _ => fact.Equals(one.What)
    });

    private int Place(string name) => opening.Playbook.Pipelines[opened?.Pipeline ?? opening.Pipeline].Stages.ToList().IndexOf(name);

    private static OpportunityOutcome OutcomeOf(IOpportunityEvent fact) => fact is OpportunityWon ? OpportunityOutcome.Won : OpportunityOutcome.Lost;

    private static string Name(OpportunityOutcome outcome) => outcome == OpportunityOutcome.Won ? "won" : "lost";
}
