using System.Text.Json;
using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Projections.Activities;

/// <summary>
/// What people do on leads and opportunities, and with customers beside them: touches, leads that they got, first responses given and
/// missed. The row of a record says what was done on it last; its history, read by when that was, is all that was done.
/// </summary>
public sealed class ActivityBoard : ReadModel<ActivityBoard.Row>
{
    /// <param name="Record"><c>lead</c>, <c>opportunity</c> or <c>customer</c>.</param>
    /// <param name="FirstAt">When the first of its facts was. What was done at that very moment is told before a flag that holds from then on.</param>
    /// <param name="IsFlagged">It is a test, or junk: nothing that was done on it counts.</param>
    /// <param name="Rep">Who had the record when that was done.</param>
    /// <param name="Team">Whose it was then.</param>
    /// <param name="RespondBy">By when a first response is looked for; null where none is.</param>
    /// <param name="FactId">The event that tells of it; null where only the record went from hand to hand.</param>
    /// <param name="Deed"><c>touch</c>, <c>taken</c> or <c>missed</c>; null where nothing was done.</param>
    /// <param name="Kind">Of a touch: <c>call</c>, <c>visit</c> …</param>
    /// <param name="IsOurs">Of a touch: somebody of ours followed up. Otherwise they came to us by themselves.</param>
    /// <param name="IsInTime">Of a touch: it was the first response, and in time.</param>
    /// <param name="Seconds">How long a call took; 0 where that is not known.</param>
    /// <param name="Actor">Who said so himself, by the API; null where a file or a program said it for others.</param>
    /// <param name="DueAt">Of a first response, given or missed: by when it was looked for.</param>
    public sealed record Row(
        Guid RecordId, string Record, DateTimeOffset FirstAt, bool IsFlagged, string? Rep, string? Team, DateTimeOffset? RespondBy, Guid? FactId, string? Deed, string? Kind, bool IsOurs, bool IsInTime,
        int Seconds, string? Actor, DateTimeOffset? DueAt)
    {
        public static Row New(Guid id, string record, DateTimeOffset firstAt) => new(id, record, firstAt, false, null, null, null, null, null, null, false, false, 0, null, null);

        internal Row Doing(Recorded e, string deed) => Resting() with
        {
            FactId = e.EventId,
            Deed = deed,
            Actor = e.Metadata.Source == "api" ? e.Metadata.Actor : null
        };

        internal Row Resting() => this with { FactId = null, Deed = null, Kind = null, IsOurs = false, IsInTime = false, Seconds = 0, Actor = null, DueAt = null };
    }

    public const string Touch = "touch";
    public const string Taken = "taken";
    public const string Missed = "missed";

    public override string Name => "activity";

    public override int Version => 2;

    public override bool KeepsHistory => true;

    public override bool ReadsMetadata => true;

    public override Type Reads => typeof(IWorkEvent);

    public override IReadOnlyList<Type> Ignores =>
    [
        typeof(LeadCaptured), typeof(LeadChanged), typeof(LeadNoted), typeof(LeadAttachmentAdded), typeof(LeadAttachmentRemoved), typeof(LeadAbsorbed), typeof(LeadReleased),
        typeof(OpportunityChanged), typeof(OpportunityNoted), typeof(OpportunityStageEntered), typeof(OpportunityAmountChanged), typeof(OpportunityCloseDateChanged),
        typeof(OpportunityAttachmentAdded), typeof(OpportunityAttachmentRemoved), typeof(OpportunityWon), typeof(OpportunityPaid),
        typeof(OpportunityDelivered), typeof(OpportunityReviewed), typeof(OpportunityLost),
        typeof(OpportunityReopened), typeof(OpportunityApprovalAsked), typeof(OpportunityApprovalSettled)
    ];

    /// <summary>What was done, or was to be answered, in a span of time, whatever it was done on.</summary>
    public override IReadOnlyList<string> HistoryIndexes => ["at", "due_at"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var before = row ?? Row.New(
            e.StreamId, e.Data switch { ILeadEvent => "lead", ICustomerEvent => "customer", _ => "opportunity" }, e.OccurredAt);
        var next = e.Data switch
        {
            ILeadEvent x => OnLead(before, x, e),
            IOpportunityEvent x => OnOpportunity(before, x, e),
            CustomerTouched x => Touched(before, x.Kind, x.Direction, x.DurationSeconds, e),
            _ => before
        };

        // Whose it is now is no deed: what was done last would be counted twice.
        return next == before ? row : next.FactId == before.FactId ? next.Resting() : next;
    }

    private static Row OnLead(Row row, ILeadEvent fact, Recorded e)
    {
        var clock = LeadClock.Evolve(new LeadClock { Rep = row.Rep, Team = row.Team, RespondBy = row.RespondBy }, fact, e.OccurredAt);
        var next = row with { Rep = clock.Rep, Team = clock.Team, RespondBy = clock.RespondBy };
        return fact switch
        {
            LeadTouched x => Touched(next, x.Kind, x.Direction, x.DurationSeconds, e) with
            {
                IsInTime = clock.RespondBy is null && e.OccurredAt <= row.RespondBy,
                DueAt = clock.RespondBy is null ? row.RespondBy : null
            },
            LeadAssigned x when x.Rep != row.Rep => next.Doing(e, Taken),

            // Somebody may have said later that he had followed up in time after all.
            LeadResponseMissed when row.RespondBy is not null => next.Doing(e, Missed) with { DueAt = row.RespondBy },
            LeadFlagged => next with { IsFlagged = true },
            LeadFlagWithdrawn => next with { IsFlagged = false },
            _ => next
        };
    }

    private static Row OnOpportunity(Row row, IOpportunityEvent fact, Recorded e) => fact switch
    {
        // How it was opened is the ground that other facts lie upon, even those dated before it.
        OpportunityOpened x => row with { Rep = row.Rep ?? x.Rep, Team = row.Team ?? x.Team },
        OpportunityAssigned x => row with { Rep = x.Rep ?? row.Rep, Team = x.Team ?? row.Team },
        OpportunityTouched x => Touched(row, x.Kind, x.Direction, x.DurationSeconds, e),
        OpportunityFlagged => row with { IsFlagged = true },
        OpportunityFlagWithdrawn => row with { IsFlagged = false },
        _ => row
    };

    private static Row Touched(Row row, TouchKind kind, Direction direction, int? seconds, Recorded e) => row.Doing(e, Touch) with
    {
        Kind = JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString()),
        IsOurs = Domain.Activities.Touch.IsFollowUp(kind, direction),
        Seconds = kind == TouchKind.Call ? seconds ?? 0 : 0
    };
}
