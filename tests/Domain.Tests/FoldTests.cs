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
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Domain.Tests;

/// <summary>Facts come late and in any order: each is taken, and each leaves a trace.</summary>
public abstract class FoldTests<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider)
    where TState : class
    where TCommand : notnull
    where TEvent : class
{
    // Few enough to be repeated in one list, so that facts are also folded twice.
    private static readonly TEvent[] Samples = Facts.SamplesOf<TEvent>();

    [Fact]
    public void Any_facts_in_any_order_fold() =>
        Prop.ForAll(Gen.Elements(Samples).ArrayOf().ToArbitrary(), facts => Fold(facts) is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void No_order_of_all_facts_is_refused() =>
        Prop.ForAll(Gen.Shuffle(Samples).ToArbitrary(), facts => Fold(facts) is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_fact_makes_a_difference_somewhere()
    {
        TState[] states = [decider.Initial, .. Samples.Select(sample => Fold([sample]))];

        // What takes facts back is no fact: whoever folds leaves it out, with them.
        Samples.Where(sample => sample is not IRetraction && !IsKeptElsewhere(sample) && states.All(state => decider.Evolve(state, sample).Equals(state))).ShouldBeEmpty();
    }

    /// <summary>Whether another state than the decider's is changed by it.</summary>
    protected virtual bool IsKeptElsewhere(TEvent fact) => false;

    private TState Fold(IEnumerable<TEvent> facts) => facts.Aggregate(decider.Initial, decider.Evolve);
}

public sealed class LeadFoldTests() : FoldTests<Lead, ILeadCommand, ILeadEvent>(LeadDecider.Instance)
{
    private static readonly LeadClock[] Clocks =
    [
        .. Facts.SamplesOf<ILeadEvent>().SelectMany(one => Facts.SamplesOf<ILeadEvent>(), (one, other) => (ILeadEvent[])[one, other])
            .Select(facts => facts.Aggregate(LeadClock.None, (clock, fact) => LeadClock.Evolve(clock, fact, DateTimeOffset.UnixEpoch)))
    ];

    protected override bool IsKeptElsewhere(ILeadEvent fact) => Clocks.Any(clock => LeadClock.Evolve(clock, fact, DateTimeOffset.UnixEpoch.AddDays(1)) != clock);
}

public sealed class CustomerFoldTests() : FoldTests<Customer, ICustomerCommand, ICustomerEvent>(CustomerDecider.Instance);
public sealed class ContactFoldTests() : FoldTests<Contact, IContactCommand, IContactEvent>(ContactDecider.Instance);
public sealed class CampaignFoldTests() : FoldTests<Campaign, ICampaignCommand, ICampaignEvent>(CampaignDecider.Instance);
public sealed class OpportunityFoldTests() : FoldTests<Opportunity, IOpportunityCommand, IOpportunityEvent>(OpportunityDecider.Instance)
{
    private static readonly StageClock[] Clocks = [.. Facts.SamplesOf<IOpportunityEvent>()
        .Select(fact => StageClock.Evolve(StageClock.None, fact, DateTimeOffset.UnixEpoch))];

    // What was done at a stage is asked of the facts themselves.
    protected override bool IsKeptElsewhere(IOpportunityEvent fact) => fact is OpportunityEntryActed
        || Clocks.Any(clock => StageClock.Evolve(clock, fact, DateTimeOffset.UnixEpoch.AddDays(1)) != clock);
}

public sealed class ArticleFoldTests() : FoldTests<Article, IArticleCommand, IArticleEvent>(ArticleDecider.Instance);
public sealed class OrderFoldTests() : FoldTests<Order, IOrderCommand, IOrderEvent>(OrderDecider.Instance);
public sealed class TaskFoldTests() : FoldTests<SalesTask, ITaskCommand, ITaskEvent>(TaskDecider.Instance);
public sealed class AlertFoldTests() : FoldTests<Alert, IAlertCommand, IAlertEvent>(AlertDecider.Instance);
public sealed class DataSourceRowFoldTests() : FoldTests<DataSourceRow, ReadRow, IDataSourceEvent>(DataSourceRowDecider.Instance);
public sealed class FormFoldTests() : FoldTests<Form, IFormCommand, IFormEvent>(FormDecider.Instance);
public sealed class PlaybookFoldTests() : FoldTests<PlaybookHistory, IPlaybookCommand, IPlaybookEvent>(PlaybookDecider.Instance);
public sealed class ScoreModelFoldTests() : FoldTests<TrainedScoreModel, IScoreModelCommand, IScoreModelEvent>(ScoreModelDecider.Instance);
public sealed class WarningLearningFoldTests()
    : FoldTests<WarningLearning, IWarningLearningCommand, IWarningLearningEvent>(WarningLearningDecider.Instance);
public sealed class ScoringFoldTests() : FoldTests<ModelsInUse, IScoringCommand, IScoringEvent>(ScoringDecider.Instance);
public sealed class MetricAlertFoldTests() : FoldTests<MetricAlert, IMetricAlertCommand, IMetricAlertEvent>(MetricAlertDecider.Instance);

public sealed class ApprovalFoldTests() : FoldTests<Approval, IApprovalCommand, IApprovalEvent>(ApprovalDecider.Instance);
public sealed class ApprovalDelegationFoldTests()
    : FoldTests<ApprovalDelegations, DelegateApprovals, IApprovalDelegationEvent>(ApprovalDelegationDecider.Instance);
public sealed class CommitmentFoldTests() : FoldTests<Commitment, ICommitmentCommand, ICommitmentEvent>(CommitmentDecider.Instance);
public sealed class DeliveryPlanFoldTests() : FoldTests<DeliveryPlan, IDeliveryPlanCommand, IDeliveryPlanEvent>(DeliveryPlanDecider.Instance);
public sealed class DailyReportFoldTests()
    : FoldTests<DailyReport, IDailyReportCommand, IDailyReportEvent>(DailyReportDecider.Instance);
public sealed class HelpFoldTests() : FoldTests<HelpRequest, IHelpCommand, IHelpEvent>(HelpDecider.Instance);
public sealed class TicketFoldTests() : FoldTests<Ticket, ITicketCommand, ITicketEvent>(TicketDecider.Instance);
public sealed class ProductRequestFoldTests() : FoldTests<ProductRequest, IProductRequestCommand, IProductRequestEvent>(ProductRequestDecider.Instance);
public sealed class SpotCheckFoldTests() : FoldTests<SpotCheck, ISpotCheckCommand, ISpotCheckEvent>(SpotCheckDecider.Instance);
public sealed class ForecastFoldTests() : FoldTests<Forecast, IForecastCommand, IForecastEvent>(ForecastDecider.Instance);
public sealed class DataSourceFoldTests() : FoldTests<DataSource, ISourceCommand, ISourceEvent>(DataSourceDecider.Instance);
public sealed class SourceReadingFoldTests()
    : FoldTests<SourceReadingState, ISourceReadingCommand, ISourceReadingEvent>(SourceReadingDecider.Instance);
public sealed class AccessFoldTests() : FoldTests<Organisation, IAccessCommand, IAccessEvent>(AccessDecider.Instance);
public sealed class WebhookFoldTests() : FoldTests<Webhook, IWebhookCommand, IWebhookEvent>(WebhookDecider.Instance);
public sealed class ChannelFoldTests() : FoldTests<Channel, IChannelCommand, IChannelEvent>(ChannelDecider.Instance);
public sealed class NotificationFoldTests() : FoldTests<MemberNotifications, INotificationCommand, INotificationEvent>(NotificationDecider.Instance);

public sealed class EveryAreaFoldTests
{
    [Fact]
    public void No_area_is_left_out()
    {
        var folded = typeof(EveryAreaFoldTests).Assembly.GetTypes()
            .Select(type => type.BaseType)
            .OfType<Type>()
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(FoldTests<,,>))
            .Select(type => type.GenericTypeArguments[2]);

        Facts.Types.Where(type => !folded.Any(type.IsAssignableTo)).ShouldBeEmpty();
    }
}
