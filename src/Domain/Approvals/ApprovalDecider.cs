using Crm.Domain.Playbooks;

namespace Crm.Domain.Approvals;

/// <summary>The rule book of approvals. Before each decision those who left make room for their superiors, and after it others stand in for
/// those who are away.</summary>
public static class ApprovalDecider
{
    public static readonly Decider<Approval, IApprovalCommand, IApprovalEvent> Instance =
        new("approval", Approval.None, Decide, Approval.Evolve);

    public static IReadOnlyList<IApprovalEvent> Decide(Approval state, IApprovalCommand command)
    {
        var left = Replaced(state, command.Terms);
        var then = left.Aggregate(state, Approval.Evolve);
        IReadOnlyList<IApprovalEvent> decided = command is ReviseApprovers ? [] : Core(then, command);
        if (decided.Count == 0 && command is not ReviseApprovers)
            return [];

        return [.. left, .. decided, .. StoodInFor(decided.Aggregate(then, Approval.Evolve), command.Terms)];
    }

    public static Rejection Unknown() => Rejection.Unknown("approval.unknown", "There is no such approval.");

    private static IReadOnlyList<IApprovalEvent> Core(Approval state, IApprovalCommand command) => (state, command) switch
    {
        ({ Requested: null }, RequestApproval c) => Ask(c),
        (_, RequestApproval) => [],                                          // said twice: nothing happens
        ({ Requested: null }, _) => throw Unknown(),

        (_, DecideApproval c) => Say(state, c),
        (_, TransferApproval c) => HandOn(state, c),

        (_, WithdrawApproval c) when c.By != state.Requested!.By =>
            throw Rejection.BrokenRule("approval.not-asker", "Only whoever asked for an approval withdraws it."),
        ({ Outcome: ApprovalOutcome.Withdrawn }, WithdrawApproval) => [],
        ({ IsPending: false }, WithdrawApproval) => throw Settled(state),
        (_, WithdrawApproval c) => [new ApprovalWithdrawn(c.Reason)],

        (_, TimeOutApproval c) =>
            state.IsPending && state.DueAt <= c.Terms.Now ? TimeOut(state, c.Terms) : [],   // too early or too late: no harm
        _ => []
    };

    private static IReadOnlyList<IApprovalEvent> Ask(RequestApproval c)
    {
        var steps = ApprovalPolicy.StepsOf(c.Flow, c.Facts);
        if (steps.FirstOrDefault(step => c.Terms.Staff.Approvers(step, c.By, c.Flow.AllowOwn).Count == 0) is { } step)
            throw Rejection.BrokenRule("approval.nobody", $"Nobody is there who could decide at the step '{step.Name}'.", "flow");

        var asked = new ApprovalRequested(c.Flow.Key, c.Flow.Name, c.Playbook, c.Subject, c.Facts, steps, c.By, c.Reason, c.Purpose,
            c.Flow.AllowOwn, c.Rep, c.Team);
        return [asked, .. Go(asked, to: 0, c.Terms)];
    }

    // To a step, or to the end.
    private static IEnumerable<IApprovalEvent> Go(ApprovalRequested asked, int to, ApprovalTerms terms)
    {
        if (to >= asked.Steps.Count)
            return [new ApprovalGranted()];

        var step = asked.Steps[to];
        var approvers = terms.Staff.Approvers(step, asked.By, asked.AllowOwn);
        var needed = step.Mode switch
        {
            ApprovalMode.Any => 1,
            ApprovalMode.All => approvers.Count,
            _ => Math.Min(step.AtLeast ?? 1, approvers.Count)
        };
        return [new ApprovalStepReached(step.Key, approvers, Math.Max(1, needed), terms.Policy.DueAt(step, terms.Now))];
    }

    private static IReadOnlyList<IApprovalEvent> Say(Approval state, DecideApproval c)
    {
        var mine = state.Open.Where(seat => MayDecide(seat, c.By, c.Terms) && (c.Turn is null || seat.Turn == c.Turn)).ToList();
        if (mine.Count == 0 || (c.Step is not null && c.Step != state.Step))
        {
            // Said twice: nothing happens, whatever happened since.
            if (c.Step is null ? state.Said.Any(said => said.By == c.By && said.Granted == c.Grants)
                : state.Said.Contains((c.Step, c.By, c.Grants)))
                return [];
            if (!state.IsPending)
                throw Settled(state);
            if (c.Step is not null && c.Step != state.Step)
                throw Rejection.WrongState("approval.step-over", $"It is at the step '{state.Step}' now, and not at '{c.Step}'.");
            MustNotBeOwn(state, c.By, field: null);
            throw NotAsked();
        }

        MustNotBeOwn(state, c.By, field: null);
        IReadOnlyList<IApprovalEvent> said = [.. mine.Select(seat => seat.Member).Distinct().Select<string, IApprovalEvent>(member =>
            c.Grants ? new ApprovalGiven(state.Step!, member, c.By, c.Reason) : new ApprovalDeclined(state.Step!, member, c.By, c.Reason))];
        return [.. said, .. After(said.Aggregate(state, Approval.Evolve), c.Terms)];
    }

    private static IEnumerable<IApprovalEvent> After(Approval state, ApprovalTerms terms)
    {
        var (granted, open) = (state.Seats.Count(seat => seat.Granted == true), state.Seats.Count(seat => seat.Granted is null));
        var isRefused = state.StepIs?.Mode == ApprovalMode.AtLeast ? granted + open < state.Needed
            : state.Seats.Any(seat => seat.Granted == false);
        return isRefused ? [new ApprovalRefused(state.Step!)] : granted >= state.Needed ? Go(state.Requested!, Place(state) + 1, terms)
            : [];
    }

    private static IReadOnlyList<IApprovalEvent> HandOn(Approval state, TransferApproval c)
    {
        var mine = state.Open.Where(seat => MayDecide(seat, c.By, c.Terms)).ToList();
        if (mine.Count == 0 || (c.Step is not null && c.Step != state.Step))
        {
            if (c.Step is null ? state.Handed.Any(handed => handed.By == c.By && handed.To == c.To)
                : state.Handed.Contains((c.Step, c.By, c.To)))
                return [];
            throw !state.IsPending ? Settled(state) : c.Step is not null && c.Step != state.Step
                ? Rejection.WrongState("approval.step-over", $"It is at the step '{state.Step}' now, and not at '{c.Step}'.") : NotAsked();
        }

        MustNotBeOwn(state, c.By, field: null);
        MustNotBeOwn(state, c.To, "to");
        if (!c.Terms.Staff.IsHere(c.To) || state.Seats.Any(seat => seat.Member == c.To))
            throw Rejection.BrokenRule("approval.transfer", "Name another member, by his id, who may come in and is not asked already.",
                "to");
        return [.. mine.Select(seat => seat.Member).Distinct()
            .Select(member => new ApprovalTransferred(state.Step!, member, c.To, c.By, c.Reason))];
    }

    private static IReadOnlyList<IApprovalEvent> TimeOut(Approval state, ApprovalTerms terms)
    {
        var step = state.StepIs!;
        var over = new ApprovalTimedOut(step.Key, step.OnTimeout);
        return step switch
        {
            { OnTimeout: ApprovalTimeout.Grant } => [over, .. Go(state.Requested!, Place(state) + 1, terms)],
            { OnTimeout: ApprovalTimeout.Refuse } => [over, new ApprovalRefused(step.Key)],
            { OnTimeout: ApprovalTimeout.Escalate, EscalateTo.Step: { } later } when Place(state, later) is var place and >= 0 =>
                [over, .. Go(state.Requested!, place, terms)],
            { OnTimeout: ApprovalTimeout.Escalate } when Moves(state, step, terms) is { Count: > 0 } moves =>
                [new ApprovalEscalated(step.Key, moves, terms.Policy.DueAt(step, terms.Now))],
            _ => [new ApprovalReminded(step.Key, terms.Policy.DueAt(step, terms.Now))]
        };
    }

    // Nobody is asked twice: whoever is asked already, or asks, is passed over.
    private static IReadOnlyList<ApprovalMove> Moves(Approval state, ApprovalStepSection step, ApprovalTerms terms)
    {
        var asked = state.Requested!;
        var may = (string member) => terms.Staff.May(member, asked.By, asked.AllowOwn) && state.Seats.All(seat => seat.Member != member);
        return
        [
            .. state.Open.Select(seat => seat.Member).Distinct()
                .Select(member => (From: member, To: step.EscalateTo?.Member is { } named ? may(named) ? named : null
                    : terms.Staff.Above(member).FirstOrDefault(may)))
                .Where(move => move.To is not null).Select(move => new ApprovalMove(move.From, move.To!))
        ];
    }

    private static IReadOnlyList<IApprovalEvent> Replaced(Approval state, ApprovalTerms terms) =>
    [
        .. state.Open.Select(seat => seat.Member).Distinct().Where(member => !terms.Staff.IsHere(member))
            .Select(member => (From: member, To: terms.Staff.Successor(member, state.Requested!.By, state.Requested.AllowOwn)))
            .Where(move => move.To is not null)
                .Select(move => new ApprovalTransferred(state.Step!, move.From, move.To!, By: null, Reason: "left"))
    ];

    private static IEnumerable<IApprovalEvent> StoodInFor(Approval state, ApprovalTerms terms) => state.Open
        .Where(seat => terms.Staff.Acting(seat.Member, terms.Now) is var acting && acting != seat.Member && acting != seat.Delegate)
        .Select(seat => seat.Member).Distinct()
            .Select(member => new ApprovalDelegated(state.Step!, member, terms.Staff.Acting(member, terms.Now)));

    /// <summary>Whether somebody may decide for one who is asked: he himself, or who stands in for him now.</summary>
    public static bool MayDecide(ApprovalSeat seat, string by, ApprovalTerms terms) =>
        seat.Member == by || terms.Staff.Acting(seat.Member, terms.Now) == by;

    private static int Place(Approval state, string? step = null) =>
        state.Requested!.Steps.Select(one => one.Key).ToList().IndexOf(step ?? state.Step!);

    private static void MustNotBeOwn(Approval state, string member, string? field)
    {
        if (state.Requested is { AllowOwn: false } asked && asked.By == member)
            throw Rejection.BrokenRule("approval.own-request", "Nobody decides on what he asked for himself.", field);
    }

    private static Rejection NotAsked() =>
        Rejection.BrokenRule("approval.not-asked", "You are not asked at this step, or have decided already.");

    private static Rejection Settled(Approval state) =>
        Rejection.WrongState("approval.settled", $"This approval is {state.Outcome.ToString().ToLowerInvariant()} already.");
}
