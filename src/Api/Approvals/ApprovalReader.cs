using System.Globalization;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain.Approvals;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Approvals;

/// <summary>Tells an approval step by step, as its stream has it: always fresh, or as of any moment.</summary>
public sealed class ApprovalReader(Queries queries, Store store, ApprovalRules rules)
{
    public async Task<IResult> One(Caller by, Guid id, Times times, IfNoneMatch held, CancellationToken ct)
    {
        var lens = await queries.Lens(times, by.Zone, ct);
        var events = await queries.Events(by.Tenant, id, lens, ct);
        var facts = FoldOrder.Of(events, store.Types).Where(e => e.OccurredAt < lens.Until && e.Data is IApprovalEvent).ToList();
        var state = facts.Aggregate(Approval.None, (approval, e) => Approval.Evolve(approval, (IApprovalEvent)e.Data));
        var terms = await rules.Terms(by.Tenant, state.Requested?.Playbook, ct);
        return ApprovalDesk.Sees(state, by, terms)
            ? new Found(Of(id, state, state.Requested!, facts, by, terms), events[^1].Version, held)
            : throw lens.Missing(ApprovalDecider.Unknown());
    }

    private static ApprovalAnswer Of(Guid id, Approval state, ApprovalRequested asked, IReadOnlyList<Recorded> facts, Caller by,
        ApprovalTerms terms) => new(
        id, asked.Flow, asked.Name, asked.Playbook, ChoiceShape.Spell(asked.Subject.Kind.ToString()), asked.Subject.Id, asked.Purpose,
            asked.Reason,
        by.Sight.Hides("opportunity", "amount") ? null : Of(asked.Facts), asked.By,
            facts.First(e => e.Data is ApprovalRequested).OccurredAt,
        ChoiceShape.Spell(state.Outcome.ToString()), state.Step, state.IsPending ? state.Needed : 0, state.DueAt,
        facts.FirstOrDefault(e => e.Data is ApprovalGranted or ApprovalRefused or ApprovalWithdrawn)?.OccurredAt,
        (asked.AllowOwn || asked.By != by.Id) && state.Open.Any(seat => ApprovalDecider.MayDecide(seat, by.Id, terms)),
        [.. asked.Steps.Select(step => new ApprovalStepAnswer(
            step.Key, step.Name, ChoiceShape.Spell(step.Mode.ToString()),
            Reached(facts, step.Key) is null ? "waiting" : state.IsPending && state.Step == step.Key ? "pending" : "over",
                Reached(facts, step.Key)?.OccurredAt,
            Seats(facts, step.Key)))]);

    private static ApprovalFactsAnswer Of(ApprovalFacts facts) => new(
        facts.Amount, facts.Percent?.ToString("0.######", CultureInfo.InvariantCulture), facts.Pipeline, facts.Stage, facts.Region,
            facts.Team, facts.Product, facts.Type);

    private static Recorded? Reached(IReadOnlyList<Recorded> facts, string step) =>
        facts.LastOrDefault(e => e.Data is ApprovalStepReached x && x.Step == step);

    // As they were when it went on: what the state keeps is only of the step that it is at.
    private static IReadOnlyList<ApprovalSeatAnswer> Seats(IReadOnlyList<Recorded> facts, string step)
    {
        var before = facts.TakeWhile(e => e.Data is not ApprovalStepReached x || x.Step != step || e != Reached(facts, step)).Count();
        var state = facts.Take(before + 1).Concat(facts.Skip(before + 1).TakeWhile(e => e.Data is not ApprovalStepReached))
            .Aggregate(Approval.None, (approval, e) => Approval.Evolve(approval, (IApprovalEvent)e.Data));
        return state.Step != step ? [] : [.. state.Seats.Select(seat => Of(seat, facts, step))];
    }

    private static ApprovalSeatAnswer Of(ApprovalSeat seat, IReadOnlyList<Recorded> facts, string step)
    {
        var said = seat.Granted is null ? null
            : facts.LastOrDefault(e => (e.Data is ApprovalGiven x && x.Step == step && x.Member == seat.Member)
            || (e.Data is ApprovalDeclined y && y.Step == step && y.Member == seat.Member));
        return new(
            seat.Member, seat.Delegate, seat.Granted is { } granted ? granted ? "grant" : "refuse" : null, seat.By, said?.OccurredAt,
            said?.Data switch { ApprovalGiven x => x.Reason, ApprovalDeclined x => x.Reason, _ => null });
    }
}
