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

/// <summary>Every event there is: who, about what, when recorded and when it happened, and from where.</summary>
public sealed class AuditTrail : EventLog<AuditTrail.Row>
{
    /// <param name="SubjectId">The record that it happened to.</param>
    /// <param name="Subject"><c>lead</c>, <c>customer</c>, <c>opportunity</c>, <c>playbook</c>, <c>import-row</c>, <c>access</c>,
    /// <c>form</c>, <c>webhook</c>, <c>contact</c>, <c>campaign</c>, <c>order</c>, <c>task</c>, <c>alert</c>, <c>scoring</c>, <c>channel</c>, <c>notifications</c>, <c>spot-check</c>,
    /// <c>metric-alert</c>,
    /// <c>approval</c>, <c>approval-delegation</c>, <c>commitment</c>, <c>delivery-plan</c>, <c>article</c>, <c>help-request</c>,
    /// <c>ticket</c>, <c>product-request</c>, <c>daily-report</c>, <c>forecast</c>, <c>learned-warnings</c>, <c>data-source</c>, <c>source-reading</c>; <c>other</c> where nobody
    /// knows the event.</param>
    /// <param name="Kind">The stored name of the event.</param>
    /// <param name="Source">Which way in.</param>
    public sealed record Row(
        Guid SubjectId, long Position, Guid EventId, long Version, string Subject, string Kind, string? Actor, string? Source, string? RequestId,
        string? CorrelationId, string? CausationId, DateTimeOffset RecordedAt, DateTimeOffset OccurredAt);

    /// <summary>What an event happened to whose kind nobody knows.</summary>
    public const string Other = "other";

    private static readonly (Type Kind, string Subject)[] Subjects =
    [
        (typeof(ILeadEvent), "lead"), (typeof(ICustomerEvent), "customer"), (typeof(IOpportunityEvent), "opportunity"),
        (typeof(IPlaybookEvent), "playbook"), (typeof(IDataSourceEvent), "import-row"), (typeof(IAccessEvent), "access"), (typeof(IFormEvent), "form"),
        (typeof(IWebhookEvent), "webhook"), (typeof(IContactEvent), "contact"), (typeof(ICampaignEvent), "campaign"),
        (typeof(IOrderEvent), "order"),
        (typeof(ITaskEvent), "task"), (typeof(IAlertEvent), "alert"), (typeof(IScoreModelEvent), "scoring"), (typeof(IScoringEvent), "scoring"),
        (typeof(IChannelEvent), "channel"), (typeof(INotificationEvent), "notifications"), (typeof(ISpotCheckEvent), "spot-check"),
        (typeof(IMetricAlertEvent), "metric-alert"), (typeof(IApprovalEvent), "approval"),
        (typeof(IApprovalDelegationEvent), "approval-delegation"),
        (typeof(ICommitmentEvent), "commitment"), (typeof(IDeliveryPlanEvent), "delivery-plan"),
        (typeof(IArticleEvent), "article"),
        (typeof(IHelpEvent), "help-request"),
        (typeof(ITicketEvent), "ticket"), (typeof(IProductRequestEvent), "product-request"),
        (typeof(IWarningLearningEvent), "learned-warnings"),
        (typeof(IDailyReportEvent), "daily-report"),
        (typeof(IForecastEvent), "forecast"),
        (typeof(ISourceEvent), "data-source"), (typeof(ISourceReadingEvent), "source-reading")
    ];

    public override string Name => "audit_trail";

    public override int Version => 1;

    public override bool ReadsMetadata => true;

    public override Type Reads => typeof(object);

    public override IReadOnlyList<string> Indexes => ["subject_id", "actor", "kind", "occurred_at"];

    public override Row Say(Recorded e) => new(
        e.StreamId, e.Position, e.EventId, e.Version, SubjectOf(e.Data), e.TypeName, e.Metadata.Actor, e.Metadata.Source, e.Metadata.RequestId,
        e.Metadata.CorrelationId, e.Metadata.CausationId, e.RecordedAt, e.OccurredAt);

    public static string SubjectOf(object data) => SubjectOf(data.GetType());

    /// <summary>The kind of record that events of a type happen to.</summary>
    public static string SubjectOf(Type type)
    {
        foreach (var (kind, subject) in Subjects)
        {
            if (kind.IsAssignableFrom(type))
            {
                return subject;
            }
        }

        return Other;
    }
}
