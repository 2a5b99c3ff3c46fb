using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Projections.Opportunities;

/// <summary>What is open, won and lost, how many and how much, by stage, team, rep, region and product, at any moment.</summary>
public sealed class PipelineBoard : ReadModel<PipelineBoard.Row>
{
    /// <param name="IsFlagged">It is a test, or junk, and counts in no total.</param>
    /// <param name="Amount">Null until the opportunity is opened or its amount is known otherwise.</param>
    public sealed record Row(
        Guid OpportunityId, bool IsOpened, string Status, string? Pipeline, string? Stage,
        string? Team, string? Rep, string? Region, string? Product, decimal? Amount, string? Currency, bool IsFlagged);

    public sealed record Group(
        string? Pipeline, string? Stage, string Status, string? Team, string? Rep, string? Region, string? Product, string? Currency);

    private static readonly string[] Stages = ["pipeline", "stage", "status", "currency"];

    public static readonly Totals Board = EventModel.Totals.By<Row, Group>("pipeline", row => row is { IsOpened: true, IsFlagged: false }
        ? (new Group(row.Pipeline, row.Stage, row.Status, row.Team, row.Rep, row.Region, row.Product, row.Currency), row.Amount ?? 0m)
        : null) with
    { Rollups = [Stages, [.. Stages, "product"], [.. Stages, "team", "rep", "region"]] };

    public override string Name => "pipeline";

    public override int Version => 2;

    public override string Table => "pipeline_opportunity";

    public override Type Reads => typeof(IOpportunityEvent);

    public override IReadOnlyList<Type> Ignores =>
        [typeof(OpportunityTouched), typeof(OpportunityNoted), typeof(OpportunityCloseDateChanged),
        typeof(OpportunityPaid), typeof(OpportunityDelivered), typeof(OpportunityReviewed)];

    public override IReadOnlyList<Totals> Totals { get; } = [Board];

    public override Row? Fold(Row? row, Recorded e)
    {
        var deal = row ?? new Row(e.StreamId, false, OpportunityStatus.Open, null, null, null, null, null, null, null, null, false);
        return e.Data switch
        {
            // How it was opened is the ground that other facts lie upon, even those dated before it.
            OpportunityOpened x => deal with
            {
                IsOpened = true,
                Pipeline = x.Pipeline,
                Stage = deal.Stage ?? x.Stage,
                Product = deal.Product ?? x.Product,
                Team = deal.Team ?? x.Team,
                Rep = deal.Rep ?? x.Rep,
                Region = deal.Region ?? x.Region,
                Amount = deal.Amount ?? x.Amount.Amount,
                Currency = x.Amount.Currency
            },
            OpportunityChanged x => deal with { Product = Change.Of(x.Cleared, "product", x.Product, deal.Product) },
            OpportunityAssigned x => deal with { Rep = x.Rep ?? deal.Rep, Team = x.Team ?? deal.Team, Region = x.Region ?? deal.Region },
            OpportunityStageEntered x => deal with { Stage = x.Stage },
            OpportunityAmountChanged x => deal with { Amount = x.Amount.Amount },
            OpportunityWon x => deal with { Status = OpportunityStatus.Won, Amount = x.Amount.Amount },
            OpportunityFlagged => deal with { IsFlagged = true },
            OpportunityFlagWithdrawn => deal with { IsFlagged = false },
            OpportunityLost => deal with { Status = OpportunityStatus.Lost },
            OpportunityReopened x => deal with { Status = OpportunityStatus.Open, Stage = x.Stage ?? deal.Stage },
            _ => row
        };
    }
}

/// <summary>How an opportunity stands, as tables and answers write it.</summary>
public static class OpportunityStatus
{
    public const string Open = "open";
    public const string Won = "won";
    public const string Lost = "lost";
}
