using Crm.EventModel;
using Crm.Projections.Activities;
using Crm.Projections.Approvals;
using Crm.Projections.Campaigns;
using Crm.Projections.Commitments;
using Crm.Projections.Contacts;
using Crm.Projections.Customers;
using Crm.Projections.DailyReports;
using Crm.Projections.DataSources;
using Crm.Projections.Forecasting;
using Crm.Projections.Forms;
using Crm.Projections.HelpRequests;
using Crm.Projections.Knowledge;
using Crm.Projections.Leads;
using Crm.Projections.Opportunities;
using Crm.Projections.Orders;
using Crm.Projections.ProductRequests;
using Crm.Projections.SpotChecks;
using Crm.Projections.Tasks;
using Crm.Projections.Tickets;

namespace Crm.Projections;

/// <summary>All read models, in the order in which they are shown.</summary>
public static class Catalog
{
    public static readonly PipelineBoard Pipeline = new();
    public static readonly OpportunityList Opportunities = new();
    public static readonly GateActions GateActions = new();
    public static readonly ForecastDeals ForecastDeals = new();
    public static readonly ForecastTraits ForecastTraits = new();
    public static readonly ForecastList Forecasts = new();
    public static readonly LeadList Leads = new();
    public static readonly LeadClocks LeadClocks = new();
    public static readonly LeadAssignments LeadAssignments = new();
    public static readonly ActivityBoard Activity = new();
    public static readonly VisitLog Visits = new();
    public static readonly CustomerList Customers = new();
    public static readonly CustomerTiers CustomerTiers = new();
    public static readonly ContactList Contacts = new();
    public static readonly BuyingRoleList BuyingRoles = new();
    public static readonly CommitmentList Commitments = new();
    public static readonly DeliveryPlanList DeliveryPlans = new();
    public static readonly TicketList Tickets = new();
    public static readonly ProductRequestList ProductRequests = new();
    public static readonly CampaignList Campaigns = new();
    public static readonly OrderList Orders = new();
    public static readonly TaskList Tasks = new();
    public static readonly AlertInbox Alerts = new();
    public static readonly ApprovalList Approvals = new();
    public static readonly ReviewList Reviews = new();
    public static readonly ArticleList Articles = new();
    public static readonly HelpList HelpRequests = new();
    public static readonly DailyReportList DailyReports = new();
    public static readonly SpotCheckList SpotChecks = new();
    public static readonly FormList Forms = new();
    public static readonly ImportLog ImportLog = new();
    public static readonly DataSourceList DataSources = new();
    public static readonly SourceReadingList SourceReadings = new();
    public static readonly AuditTrail AuditTrail = new();
    public static readonly SearchGrams Search = new();

    public static readonly IReadOnlyList<ReadModel> All =
    [
        Pipeline, Opportunities, GateActions, ForecastDeals, ForecastTraits, Forecasts, Leads, LeadClocks, LeadAssignments, Activity, Visits, Customers, CustomerTiers,
        Contacts, BuyingRoles,
        Commitments, DeliveryPlans, Tickets, ProductRequests, Campaigns, Orders, Tasks, Alerts, Approvals, Reviews, Articles, HelpRequests, DailyReports, SpotChecks, Forms, ImportLog, DataSources, SourceReadings, AuditTrail, Search
    ];
}
