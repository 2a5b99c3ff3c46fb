using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Opportunities;

/// <summary>What one opportunity has, or had, of what the gates before it ask for.</summary>
public sealed class GatesAhead(Records records, CurrentPlaybook playbooks, Store store)
{
    private const string Won = "won";
    private const string Paid = "paid";
    private const string Delivered = "delivered";

    /// <exception cref="Rejection">There is no such opportunity, or it is out of sight; or its pipeline has no such stage.</exception>
    public async Task<IResult> Of(Caller by, Guid id, GatesQuestion question, IfNoneMatch held, CancellationToken ct)
    {
        FieldSight.MustSee(by, "opportunity", "stage");
        var missing = Rejection.Unknown("opportunity.unknown", "There is no such opportunity.");
        var (lens, events) = await records.Stream<IOpportunityEvent>(OpportunityAnswer.List, by, id, question.Times, missing, ct);
        var deal = FoldOrder.Of(events, store.Types).Where(fact => fact.OccurredAt < lens.Until).Select(fact => fact.Data)
            .OfType<IOpportunityEvent>().Aggregate(Opportunity.None, Opportunity.Evolve);
        if (deal.Opened is null)
        {
            throw lens.Missing(missing);
        }

        var playbook = await playbooks.AsKnown(by.Tenant, lens.Position, lens.AsOf ?? lens.KnownAt ?? store.Clock.GetUtcNow(), ct);
        var to = question.Stage ?? Next(deal, playbook);
        var items = Known(() => Asked(deal, playbook, to)).Select(item => Answer(item, deal)).ToList();
        var gone = StageGates.Gone(deal)
            .Select(passed => new GoneAnswer(passed.Stage, passed.Gate, passed.Evidence.Key, passed.Evidence.Name)).ToList();
        return new Found(new GatesAnswer(id, deal.Stage!, to, items.All(item => item.IsMet), items, gone), events[^1].Version, held);
    }

    // It is asked for in the query, and not in a body.
    private static IReadOnlyList<GateItem> Known(Func<IReadOnlyList<GateItem>> asked)
    {
        try
        {
            return asked();
        }
        catch (Rejection rejection) when (rejection.Field is { } field)
        {
            throw Problem.From(rejection, Fault.InQuery(field, rejection.Code, rejection.Message));
        }
    }

    // A stage may be called as a state is; then the stage is meant.
    private static IReadOnlyList<GateItem> Asked(Opportunity deal, Playbook playbook, string to) =>
        (to, playbook.Pipelines.GetValueOrDefault(deal.Opened!.Pipeline)?.Stages.Contains(to)) switch
        {
            (Won, _) => StageGates.Ahead(deal, playbook, to: null),
            (Paid, not true) => WonStates.Asked(deal, playbook, WonState.Paid),
            (Delivered, not true) => WonStates.Asked(deal, playbook, WonState.Delivered),
            _ => StageGates.Ahead(deal, playbook, to)
        };

    private static string Next(Opportunity deal, Playbook playbook)
    {
        if (deal.Won is not null && (deal.Paid is null || deal.Delivered is null))
        {
            return deal.Paid is null ? Paid : Delivered;
        }

        var stages = playbook.Pipelines.GetValueOrDefault(deal.Opened!.Pipeline)?.Stages.ToList() ?? [];
        return stages.ElementAtOrDefault(stages.IndexOf(deal.Stage!) + 1) ?? Won;
    }

    private static GateItemAnswer Answer(GateItem item, Opportunity deal)
    {
        var (isMet, found) = (item.IsMetBy(deal), item.Found(deal));
        return new(
            item.Stage, item.Gate, item.Section.Key, item.Section.Name, item.Serves, isMet, found?.AttachmentId, found?.TouchId,
            found?.ApprovalId, isMet ? [] : item.Near(deal), item.Need(deal));
    }
}

/// <param name="Stage">The stage that it would go to, or <c>won</c>, <c>paid</c> or <c>delivered</c>; left out, the stage behind the one
/// that
/// it is in, or <c>won</c> in the last; of one that is won what it has not come to yet.</param>
public sealed record GatesQuestion(Times Times, string? Stage = null);

/// <param name="Stage">The stage that it is in.</param>
/// <param name="To">The stage that is asked about; or <c>won</c>, <c>paid</c> or <c>delivered</c>.</param>
/// <param name="IsOpen">Whether nothing is missing on the way.</param>
/// <param name="Items">What the gates between ask for, in the order in which they are passed; none on a way back.</param>
/// <param name="Gone">What served for gates that lie behind it, and is not there any more.</param>
public sealed record GatesAnswer(
    Guid Id, string Stage, string To, bool IsOpen, IReadOnlyList<GateItemAnswer> Items, IReadOnlyList<GoneAnswer> Gone);

/// <param name="Stage">Whose gate asks for it.</param>
/// <param name="Asked">What would serve, in words.</param>
/// <param name="AttachmentId">The attachment that serves.</param>
/// <param name="TouchId">The touch that serves.</param>
/// <param name="ApprovalId">The approval that serves, or stands in.</param>
/// <param name="Near">Where it is missing: files under another label, and touches of the kind that went or came to something else; the
/// last five.</param>
/// <param name="Need">The same as the words say, to be read by programs.</param>
public sealed record GateItemAnswer(
    string Stage, Gate Gate, string Key, string Name, string Asked, bool IsMet, Guid? AttachmentId, Guid? TouchId, Guid? ApprovalId,
    IReadOnlyList<NearEvidence> Near, GateNeed Need);

/// <param name="Stage">Whose gate asked for it.</param>
public sealed record GoneAnswer(string Stage, Gate Gate, string Key, string Name);
