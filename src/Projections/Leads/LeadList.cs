using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventModel;

namespace Crm.Projections.Leads;

/// <summary>Every lead as it stands, and as it stood at any moment. What is known of the person stays sealed.</summary>
public sealed class LeadList : ReadModel<LeadList.Row>
{
    /// <param name="CapturedAt">Null while there are only facts dated before the capture; such a row is not listed.</param>
    /// <param name="Status"><c>new</c>, <c>assigned</c>, <c>qualified</c> or <c>disqualified</c>.</param>
    /// <param name="Contact">Sealed, as are mail and phone.</param>
    public sealed record Row(
        Guid LeadId, string Status, DateTimeOffset? CapturedAt, string? Company, string? Contact, string? Email, string? Phone,
        string? Role, string? Region, string? Industry, int? Employees, string? Source, string? Campaign, string? Product,
        string? ExternalId, string? Rep, string? Team, Guid? CustomerId, Guid? OpportunityId, string? DisqualifiedBecause,
        int Touches, DateTimeOffset? LastTouchAt)
    {
        public static Row New(Guid id) => new(
            id, "new", null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, 0, null);
    }

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Contact), nameof(Row.Email), nameof(Row.Phone)];

    public override string Name => "lead_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ILeadEvent);

    public override Row? Fold(Row? row, Recorded e)
    {
        var lead = row ?? Row.New(e.StreamId);
        return e.Data switch
        {
            LeadCaptured x => Said(lead, x) with { CapturedAt = e.OccurredAt },
            LeadChanged x => Said(lead, x.Over(Details(lead))),
            LeadAssigned x => lead with { Rep = x.Rep, Team = x.Team ?? lead.Team, Status = lead.Status == "new" ? "assigned" : lead.Status },
            LeadTouched => lead with { Touches = lead.Touches + 1, LastTouchAt = e.OccurredAt },
            LeadQualified x => lead with
            {
                Status = "qualified",
                CustomerId = x.CustomerId,
                OpportunityId = x.OpportunityId,
                DisqualifiedBecause = null
            },
            LeadDisqualified x => lead with { Status = "disqualified", DisqualifiedBecause = x.Reason },
            LeadRevived => lead with { Status = lead.Rep is null ? "new" : "assigned", DisqualifiedBecause = null },
            _ => row
        };
    }

    private static LeadCaptured Details(Row r) => new(
        r.Source ?? "", r.Company, Known(r.Contact), Known(r.Email), Known(r.Phone), r.Role, r.Region, r.Industry, r.Employees, r.Campaign, r.Product,
        Message: null, r.ExternalId);

    private static Row Said(Row row, LeadCaptured x) => row with
    {
        Company = x.Company,
        Contact = x.Contact?.Sealed,
        Email = x.Email?.Sealed,
        Phone = x.Phone?.Sealed,
        Role = x.Role,
        Region = x.Region,
        Industry = x.Industry,
        Employees = x.Employees,
        Source = x.Source,
        Campaign = x.Campaign,
        Product = x.Product,
        ExternalId = x.ExternalId
    };

    private static Personal? Known(string? @sealed) => @sealed is null ? null : new Personal(@sealed);
}
