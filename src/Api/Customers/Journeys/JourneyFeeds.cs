using Crm.Domain;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.ProductRequests;
using Crm.Domain.Tickets;
using Crm.EventModel;

namespace Crm.Api.Customers.Journeys;

/// <summary>Where an entry of a journey comes from.</summary>
public enum JourneyFeed { Campaign, Sales, ProductRequest, Ticket }

/// <summary>Who has to do with it.</summary>
public enum JourneyDepartment { Marketing, Sales, Product, Service }

/// <summary>Which facts are told of a customer's journey, from which feed, and of which department they are.</summary>
internal static class JourneyFeeds
{
    // What takes facts back or puts them right comes along: an entry is what stands.
    private static readonly Type[] Told =
    [
        typeof(LeadCaptured), typeof(LeadTouched), typeof(LeadNoted), typeof(OpportunityTouched), typeof(OpportunityNoted),
        typeof(CustomerTouched),
        typeof(ProductRequestRaised), typeof(ProductRequestJoined), typeof(ProductRequestStateSet),
        typeof(TicketOpened), typeof(TicketAnswered), typeof(TicketSolved), typeof(TicketReopened)
    ];

    private static readonly Type[] Over =
        [typeof(LeadImportUndone), typeof(OpportunityImportUndone), typeof(OpportunityCorrected), typeof(CustomerImportUndone)];

    /// <summary>The stored names of what can be an entry.</summary>
    public static IReadOnlyList<string> Kinds(EventTypes types) =>
        [.. Told.SelectMany(types.AliasesOf).Order(StringComparer.Ordinal)];

    /// <summary>The stored names of all that has to be read.</summary>
    public static IReadOnlyList<string> Aliases(EventTypes types) => [.. Told.Concat(Over).SelectMany(types.AliasesOf)];

    /// <summary>The stored names of those that say that a customer wants something of a product.</summary>
    public static IReadOnlyList<string> Wants(EventTypes types) =>
        [.. ((Type[])[typeof(ProductRequestRaised), typeof(ProductRequestJoined)]).SelectMany(types.AliasesOf)];

    /// <summary>Null for what is no entry. A customer is not told of what others want of a product.</summary>
    public static JourneyFeed? Of(object fact, Guid customer) => fact switch
    {
        LeadCaptured => JourneyFeed.Campaign,
        LeadTouched e => Domain.Activities.Touch.IsFollowUp(e.Kind, e.Direction) ? JourneyFeed.Sales : JourneyFeed.Campaign,
        LeadNoted or OpportunityTouched or OpportunityNoted or CustomerTouched => JourneyFeed.Sales,
        ProductRequestRaised e => e.CustomerId == customer ? JourneyFeed.ProductRequest : null,
        ProductRequestJoined e => e.CustomerId == customer ? JourneyFeed.ProductRequest : null,
        ProductRequestStateSet => JourneyFeed.ProductRequest,
        ITicketEvent => JourneyFeed.Ticket,
        _ => null
    };

    /// <summary>Whether what happened to a record by then is of the customer: what others want of a product is, once it wants it, too.</summary>
    public static bool Concern(IEnumerable<object> facts, Guid customer)
    {
        var requests = facts.OfType<IProductRequestEvent>().ToList();
        return requests.Count == 0 || requests.Exists(fact => fact is not ProductRequestStateSet && Of(fact, customer) is not null);
    }

    public static JourneyDepartment DepartmentOf(JourneyFeed feed) => feed switch
    {
        JourneyFeed.Campaign => JourneyDepartment.Marketing,
        JourneyFeed.Sales => JourneyDepartment.Sales,
        JourneyFeed.ProductRequest => JourneyDepartment.Product,
        _ => JourneyDepartment.Service
    };

    /// <summary>Where the record is that it happened to.</summary>
    public static string PathOf(object fact) => fact switch
    {
        ILeadEvent => "leads",
        IOpportunityEvent => "opportunities",
        ICustomerEvent => "customers",
        IProductRequestEvent => "product-requests",
        _ => "tickets"
    };
}
