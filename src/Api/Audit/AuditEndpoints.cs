using Crm.Api.Access;
using Crm.Api.Campaigns;
using Crm.Api.Commitments;
using Crm.Api.Contacts;
using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Api.Orders;
using Crm.Api.Tasks;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Campaigns;
using Crm.Domain.Commitments;
using Crm.Domain.Contacts;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;
using Crm.Domain.Tasks;

namespace Crm.Api.Audit;

/// <summary>The audit trail over HTTP: of everything, and of one record.</summary>
public static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        app.MapGet("/audit", async (
            Query<AuditQuestion> query, Caller by, Headers headers, IfNoneMatch held, AuditReader audit, Queries queries, CancellationToken ct) =>
        {
            var q = query.Value;
            var (lens, language) = (await queries.Lens(q.Times, by.Zone, ct), Language.Of(q.Lang, held.Request));
            if (q.Format == AuditFormat.Csv)
            {
                return new AuditCsv(await audit.All(by, q, lens, headers.MinPosition, language, ct));
            }

            var page = await audit.Page(by, q, lens, headers.MinPosition, language, ct);
            var position = queries.Token(page.Position);
            return (IResult)new Positioned(page, position, WeakTag.Of(held.Request, by, position), held) { Links = PageLinks.Of(held.Request, page.NextCursor) };
        })
        .Produces<PageOf<AuditEntry>>().WithTags("Audit").Needs(Functions.AuditRead).Costs(5).WithName("listAudit").WithSummary("What happened, newest first, each event as a sentence; as CSV with format=csv")
        .AlsoCsv();

        app.MapHistory<IOpportunityEvent>(OpportunityAnswer.List, "opportunities", "Opportunities", "getOpportunityHistory", "opportunity", Functions.OpportunitiesRead,
            () => Rejection.Unknown("opportunity.unknown", "There is no such opportunity."));
        app.MapHistory<ILeadEvent>(LeadAnswer.List, "leads", "Leads", "getLeadHistory", "lead", Functions.LeadsRead,
            () => Rejection.Unknown("lead.unknown", "There is no such lead."));
        app.MapHistory<ICustomerEvent>(CustomerAnswer.List, "customers", "Customers", "getCustomerHistory", "customer", Functions.CustomersRead,
            () => Rejection.Unknown("customer.unknown", "There is no such customer."));
        app.MapHistory<IContactEvent>(ContactAnswer.List, "contacts", "Contacts", "getContactHistory", "contact", Functions.ContactsRead, ContactEndpoints.Missing);
        app.MapHistory<ICampaignEvent>(CampaignAnswer.List, "campaigns", "Campaigns", "getCampaignHistory", "campaign", Functions.CampaignsRead, CampaignEndpoints.Missing);
        app.MapHistory<IOrderEvent>(OrderAnswer.List, "orders", "Orders", "getOrderHistory", "order", Functions.OrdersRead, OrderEndpoints.Missing);
        app.MapHistory<ITaskEvent>(TaskAnswer.List, "tasks", "Tasks", "getTaskHistory", "task", Functions.TasksRead, TaskEndpoints.Missing);
        app.MapHistory<ICommitmentEvent>(
            CommitmentAnswer.List, "commitments", "Commitments", "getCommitmentHistory", "commitment", Functions.CommitmentsRead, CommitmentDecider.Unknown);
    }

    private static void MapHistory<TEvent>(
        this IEndpointRouteBuilder app, RecordList list, string records, string tag, string name, string subject, string function, Func<Rejection> missing) =>
        app.MapGet($"/{records}/{{id:guid}}/history", async (
            Guid id, Query<HistoryQuestion> query, Caller by, IfNoneMatch held, Records all, Queries queries, Telling telling, CancellationToken ct) =>
        {
            var (lens, events) = await all.Stream<TEvent>(list, by, id, query.Value.Times, missing(), ct);
            var entries = await telling.Tell(events, e => e.OccurredAt < lens.Until, by, Language.Of(query.Value.Lang, held.Request), ct);
            return new Told(new HistoryAnswer(entries), WeakTag.Of(held.Request, by, queries.Token(events[^1].Position)), held);
        })
        .Produces<HistoryAnswer>().WithTags(tag).Needs(function).WithName(name).WithSummary($"What happened to this {subject}, oldest first, each event as a sentence");
}

public sealed record HistoryAnswer(IReadOnlyList<AuditEntry> Items);
