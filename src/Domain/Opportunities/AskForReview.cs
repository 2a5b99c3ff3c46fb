using Crm.Domain.Calendars;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Domain.Opportunities;

/// <summary>A time when a deal was won or lost.</summary>
/// <param name="EventId">The fact that says so.</param>
/// <param name="Stands">Whether it was neither reopened since, nor taken back.</param>
/// <param name="IsReviewed">Whether what is asked was answered.</param>
public sealed record Closing(Guid EventId, bool Stands, bool IsReviewed)
{
    /// <summary>Each time that a deal was decided.</summary>
    /// <param name="said">All facts of the deal that were ever recorded.</param>
    /// <param name="facts">Those of them that stand, in the order in which they are folded.</param>
    public static IReadOnlyList<Closing> Of(
        IEnumerable<(Guid EventId, IOpportunityEvent Fact)> said, IEnumerable<(Guid EventId, IOpportunityEvent Fact)> facts)
    {
        (Guid EventId, bool IsReviewed)? last = null;
        foreach (var (id, fact) in facts)
        {
            last = fact switch
            {
                OpportunityWon or OpportunityLost => (id, IsReviewed: false),
                OpportunityReopened => null,
                OpportunityReviewed => last is { } closing ? closing with { IsReviewed = true } : null,
                _ => last
            };
        }

        return
        [
            .. said.Where(one => one.Fact is OpportunityWon or OpportunityLost).Select(one => new Closing(
                one.EventId, last?.EventId == one.EventId, last is { IsReviewed: true } reviewed && reviewed.EventId == one.EventId))
        ];
    }
}

/// <summary>Whoever had a deal that is decided is to look back upon it: one task for each time that it is.</summary>
public static class AskForReview
{
    public const string Automation = "ask-for-reviews";

    /// <summary>By which the task is told.</summary>
    public const string Kind = "review";

    /// <param name="cause">The fact that was just recorded.</param>
    /// <param name="at">When it was.</param>
    /// <param name="playbook">The rules in force then.</param>
    /// <param name="asked">Of the closings, those that have a task that is open.</param>
    /// <returns>What is to be done with the task of which closing; nobody is asked of a deal that is nobody's.</returns>
    public static IEnumerable<(Guid Closing, ITaskCommand Command)> React(
        Guid opportunity, Opportunity deal, IReadOnlyList<Closing> closings, Guid cause, DateTimeOffset at, Playbook playbook, IZones zones,
        IReadOnlySet<Guid> asked)
    {
        foreach (var closing in closings)
        {
            if (asked.Contains(closing.EventId) && !closing.Stands)
            {
                yield return (closing.EventId, new CancelTask("the deal is not decided any more"));
            }
            else if (asked.Contains(closing.EventId) && closing.IsReviewed)
            {
                yield return (closing.EventId, new FinishTask());
            }
            else if (closing.EventId == cause && closing is { Stands: true, IsReviewed: false } && deal.Flag is null
                && (deal.Rep ?? deal.Team) is not null
                && playbook.Road(deal.Opened!.Pipeline)?.Review is { } review && DealReview.Questions(review, deal.Outcome).Count > 0)
            {
                yield return (closing.EventId, new OpenTask(
                    review.Title, Kind, DueAt(review, playbook.Document, zones, at), new About(AboutKind.Opportunity, opportunity),
                        deal.Rep, deal.Team,
                    Text: null, new TaskCause(Automation, cause)));
            }
        }
    }

    private static DateTimeOffset DueAt(ReviewSection review, PlaybookDocument? document, IZones zones, DateTimeOffset at)
    {
        var span = TimeSpan.FromDays(review.DueWorkdays);
        var calendar = document?.Calendars?.FirstOrDefault(one => one.Key == review.Calendar);
        return calendar?.Made(zones).After(at, span, Counting.Workdays) ?? at + span;
    }
}
