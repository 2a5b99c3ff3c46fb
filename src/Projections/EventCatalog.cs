using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.Campaigns;
using Crm.Domain.Commitments;
using Crm.Domain.Contacts;
using Crm.Domain.Customers;
using Crm.Domain.DailyReports;
using Crm.Domain.DataSources;
using Crm.Domain.Forecasting;
using Crm.Domain.Forms;
using Crm.Domain.HelpRequests;
using Crm.Domain.Knowledge;
using Crm.Domain.Leads;
using Crm.Domain.MetricAlerts;
using Crm.Domain.Notifications;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;
using Crm.Domain.Playbooks;
using Crm.Domain.ProductRequests;
using Crm.Domain.Scoring;
using Crm.Domain.SpotChecks;
using Crm.Domain.Tasks;
using Crm.Domain.Tickets;
using Crm.Domain.Warnings.Learning;
using Crm.Domain.Webhooks;
using Crm.EventModel;

namespace Crm.Projections;

/// <summary>Every event there is, how old shapes are lifted, and which events correct others or hold from the first.</summary>
public static class EventCatalog
{
    private static readonly Type[] Kinds =
    [
        typeof(ILeadEvent), typeof(ICustomerEvent), typeof(IOpportunityEvent), typeof(IPlaybookEvent), typeof(IDataSourceEvent),
        typeof(IAccessEvent), typeof(IFormEvent), typeof(IWebhookEvent), typeof(IContactEvent), typeof(ICampaignEvent), typeof(IOrderEvent),
        typeof(ITaskEvent), typeof(IAlertEvent), typeof(IScoreModelEvent), typeof(IScoringEvent),
        typeof(IChannelEvent), typeof(INotificationEvent), typeof(ISpotCheckEvent), typeof(IMetricAlertEvent),
        typeof(IApprovalEvent), typeof(IApprovalDelegationEvent),
        typeof(ICommitmentEvent), typeof(IDeliveryPlanEvent), typeof(IArticleEvent), typeof(IHelpEvent),
        typeof(ITicketEvent), typeof(IProductRequestEvent), typeof(IWarningLearningEvent), typeof(IDailyReportEvent), typeof(IForecastEvent),
        typeof(ISourceEvent), typeof(ISourceReadingEvent)
    ];

    public static readonly EventTypes Types = new EventTypes()
        .Add(Kinds.SelectMany(kind => kind.Assembly.GetTypes().Where(type => kind.IsAssignableFrom(type) && !type.IsInterface)))
        .Correct<OpportunityCorrected>(
            correction => correction.EventId,
            OpportunityCorrection.Over,
            (fact, correction) => OpportunityCorrection.Restate((IOpportunityEvent)fact, correction),
            correction => correction.OccurredAt)
        .Retract<IRetraction>(retraction => retraction.Events)
        .HoldFromTheFirst<IFromTheFirst>();
}
