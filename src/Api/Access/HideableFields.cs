using Crm.Api.Campaigns;
using Crm.Api.Contacts;
using Crm.Api.Customers;
using Crm.Api.HelpRequests;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Api.Orders;
using Crm.Api.ProductRequests;
using Crm.Api.Tasks;
using Crm.Api.Tickets;

namespace Crm.Api.Access;

/// <summary>The fields that a role can hide. A name that is none of them would hide nothing, and nobody would notice.</summary>
internal static class HideableFields
{
    private static readonly RecordList[] Records =
    [
        LeadAnswer.List, CustomerAnswer.List, ContactAnswer.List, CampaignAnswer.List, OpportunityAnswer.List, OrderAnswer.List,
        TaskAnswer.List, TicketAnswer.List, ProductRequestAnswer.List, HelpAnswer.List
    ];

    public static IReadOnlyList<string> All { get; } =
    [
        .. Records.SelectMany(list => list.Members.Except(["id"]).Select(member => $"{list.Name}.{member}")),

        // Only facts tell it: where somebody was on a visit.
        .. ((RecordList[])[LeadAnswer.List, CustomerAnswer.List, OpportunityAnswer.List]).Select(list => $"{list.Name}.place"),

        // A customer has no figure of them; lists, reports and timelines tell them.
        $"{CustomerAnswer.List.Name}.touches"
    ];

    /// <summary>The fields of one kind of record.</summary>
    public static IEnumerable<string> Of(string record) =>
        All.Where(field => field.StartsWith($"{record}.", StringComparison.Ordinal)).Select(field => field[(record.Length + 1)..]);

    /// <exception cref="Problem">400: there are no such fields.</exception>
    public static void MustBe(IReadOnlyList<string> fields)
    {
        var faults = fields.Select((field, i) => (field, i)).Where(f => !All.Contains(f.field)).Select(f => Fault.InBody(
            $"/hiddenFields/{f.i}", Code.UnknownField, $"There is no field '{Place.Echo(f.field)}'.{Nearest.Hint(f.field, All)}")).ToList();
        if (faults.Count > 0)
        {
            throw Problem.Invalid(faults);
        }
    }
}
