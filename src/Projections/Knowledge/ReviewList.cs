using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.Projections.Opportunities;

namespace Crm.Projections.Knowledge;

/// <summary>
/// What was learned from each deal that is won or lost, with what it was about, and nothing of what it was worth, to whom, and whose it
/// was: so
/// that everybody can learn from it.
/// </summary>
public sealed class ReviewList : ReadModel<ReviewList.Row>
{
    /// <param name="ReviewedAt">When it was answered last; null while it is not, such a row is not listed.</param>
    /// <param name="Status"><c>open</c>, <c>won</c> or <c>lost</c>.</param>
    /// <param name="Industry">The customer's, when it was answered.</param>
    /// <param name="Keys">Of the questions that were answered, in their order; questions and replies stand in the same order.</param>
    /// <param name="Text">All replies, for those who search.</param>
    /// <param name="Revision">How often it was answered, of whichever decision: by this it is cited.</param>
    /// <param name="Flag"><c>test</c> or <c>junk</c>; null while it is business.</param>
    public sealed record Row(
        Guid OpportunityId, DateTimeOffset? ReviewedAt, string Status, string? Pipeline, string? Stage, string? Product, string? Industry,
            string? Region,
        string? Competitor, string? LossReason, IReadOnlyList<string> Keys, IReadOnlyList<string> Questions, IReadOnlyList<string> Replies,
            string? Text,
        int Revision, string? Flag);

    public override string Name => "review_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IOpportunityEvent);

    public override IReadOnlyList<Type> Ignores =>
    [
        typeof(OpportunityTouched), typeof(OpportunityNoted), typeof(OpportunityAmountChanged), typeof(OpportunityCloseDateChanged),
            typeof(OpportunityPaid),
        typeof(OpportunityDelivered), typeof(OpportunityAttachmentAdded), typeof(OpportunityAttachmentRemoved)
    ];

    public override Row? Fold(Row? row, Recorded e)
    {
        var deal = row ?? new Row(e.StreamId, null, OpportunityStatus.Open, null, null, null, null, null, null, null, [], [], [], null, 0,
            null);
        return e.Data switch
        {
            // How it was opened is the ground that other facts lie upon, even those dated before it.
            OpportunityOpened x => deal with
            {
                Pipeline = x.Pipeline,
                Stage = deal.Stage ?? x.Stage,
                Product = deal.Product ?? x.Product,
                Region = deal.Region ?? x.Region,
                Competitor = deal.Competitor ?? x.Competitor
            },
            OpportunityChanged x => deal with
            {
                Product = Change.Of(x.Cleared, "product", x.Product, deal.Product),
                Competitor = Change.Of(x.Cleared, "competitor", x.Competitor, deal.Competitor)
            },
            OpportunityAssigned x => deal with { Region = x.Region ?? deal.Region },
            OpportunityStageEntered x => deal with { Stage = x.Stage },
            OpportunityWon => Undecided(deal) with { Status = OpportunityStatus.Won },
            OpportunityLost x => Undecided(deal) with
            {
                Status = OpportunityStatus.Lost,
                LossReason = x.Reason,
                Competitor = x.Competitor ?? deal.Competitor
            },
            OpportunityReopened x => Undecided(deal) with { Stage = x.Stage ?? deal.Stage },
            OpportunityFlagged x => deal with { Flag = RecordFlags.Word(x.Flag) },
            OpportunityFlagWithdrawn => deal with { Flag = null },
            OpportunityReviewed x when deal.Status != OpportunityStatus.Open => deal with
            {
                ReviewedAt = e.OccurredAt,
                Industry = x.Industry,
                Keys = [.. x.Answers.Select(answer => answer.Key)],
                Questions = [.. x.Answers.Select(answer => answer.Question)],
                Replies = [.. x.Answers.Select(answer => answer.Said)],
                Text = string.Join('\n', x.Answers.Select(answer => answer.Said)),
                Revision = deal.Revision + 1
            },
            _ => row
        };
    }

    // What was learned is of one decision; the next has to be looked back upon anew.
    private static Row Undecided(Row deal) => deal with
    {
        Status = OpportunityStatus.Open,
        LossReason = null,
        ReviewedAt = null,
        Industry = null,
        Keys = [],
        Questions = [],
        Replies = [],
        Text = null
    };
}
