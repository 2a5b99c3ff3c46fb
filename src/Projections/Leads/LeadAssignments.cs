using Crm.Domain.Leads;
using Crm.EventModel;

namespace Crm.Projections.Leads;

/// <summary>Every time that somebody got a lead: who, by whose will, and by which rule.</summary>
public sealed class LeadAssignments : EventLog<LeadAssignments.Row>
{
    /// <param name="Means"><c>rule</c>, <c>hand</c>, <c>claim</c>, <c>rounds</c> or <c>handover</c>.</param>
    /// <param name="Round">How many reps had had it by rules, this one counted; 0 where no rule gave it.</param>
    /// <param name="PlaybookVersion">The rules that were in force.</param>
    public sealed record Row(
        Guid LeadId, long Position, string Rep, string? Team, string Means, string? Rule, int Round, long? PlaybookVersion, DateTimeOffset AssignedAt,
        DateTimeOffset? RespondBy);

    public override string Name => "lead_assignments";

    public override int Version => 1;

    public override bool ReadsMetadata => true;

    public override Type Reads => typeof(LeadAssigned);

    public override IReadOnlyList<string> Indexes => ["lead_id", "rep"];

    public override Row? Say(Recorded e) => e.Data is not LeadAssigned x ? null : new(
        e.StreamId, e.Position, x.Rep, x.Team, (x.Ground?.By ?? AssignedBy.Hand).ToString().ToLowerInvariant(), x.Ground?.Rule,
        x.Ground?.By == AssignedBy.Rule ? x.Ground.Round : 0, e.Metadata.PlaybookVersion, e.OccurredAt, x.Terms?.RespondBy);
}
