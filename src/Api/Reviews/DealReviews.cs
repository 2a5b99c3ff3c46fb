using Crm.Api.Http;
using Crm.Api.Opportunities;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Reviews;

/// <summary>What is asked of a deal that is decided, and what was answered, as of any moment.</summary>
public sealed class DealReviews(Records records, CurrentPlaybook playbooks, Store store)
{
    public async Task<IResult> Of(Caller by, Guid id, Times times, IfNoneMatch held, CancellationToken ct)
    {
        FieldSight.MustSee(by, "opportunity", "status");
        var missing = ReviewEndpoints.Missing();
        var (lens, events) = await records.Stream<IOpportunityEvent>(OpportunityAnswer.List, by, id, times, missing, ct);
        var facts = FoldOrder.Of(events, store.Types).Where(fact => fact.OccurredAt < lens.Until).ToList();
        var deal = facts.Select(fact => fact.Data).OfType<IOpportunityEvent>().Aggregate(Opportunity.None, Opportunity.Evolve);
        if (deal.Opened is null)
        {
            throw lens.Missing(missing);
        }

        var playbook = await playbooks.AsKnown(by.Tenant, lens.Position, lens.AsOf ?? lens.KnownAt ?? store.Clock.GetUtcNow(), ct);
        var said = deal.Review is null ? null : facts.Last(fact => fact.Data is OpportunityReviewed);
        var questions = DealReview.Questions(deal, playbook).Select(question =>
            new AskedQuestion(question.Key, question.Question, question.Choices ?? [], question.Several, question.IsOptional));
        var answers = (deal.Review?.Answers ?? [])
            .Select(answer => new GivenAnswer(answer.Key, answer.Question, answer.Choices ?? [], answer.Text));
        return new Found(
            new ReviewAnswerBody(id, deal.Outcome, [.. questions], said?.OccurredAt, said?.Metadata.Actor, [.. answers]),
                events[^1].Version, held);
    }
}

/// <param name="Outcome">Of an open one nothing is asked.</param>
/// <param name="Questions">By the playbook in force at the moment asked about.</param>
/// <param name="ReviewedAt">Null while nobody has answered.</param>
/// <param name="ReviewedBy">The member who answered last.</param>
/// <param name="Answers">To the questions as they were asked then.</param>
public sealed record ReviewAnswerBody(
    Guid Id, OpportunityOutcome Outcome, IReadOnlyList<AskedQuestion> Questions, DateTimeOffset? ReviewedAt, string? ReviewedBy,
    IReadOnlyList<GivenAnswer> Answers);

/// <param name="Choices">Empty where it is answered in free words.</param>
/// <param name="Several">Whether more than one can be chosen.</param>
/// <param name="IsOptional">Whether it can be left unanswered.</param>
public sealed record AskedQuestion(string Key, string Question, IReadOnlyList<string> Choices, bool Several, bool IsOptional);

/// <param name="Choices">Empty where it was answered in free words.</param>
public sealed record GivenAnswer(string Key, string Question, IReadOnlyList<string> Choices, string? Text);
