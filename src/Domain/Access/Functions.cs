namespace Crm.Domain.Access;

/// <summary>What may be permitted, one name for each kind of doing. Roles and keys are lists of them.</summary>
public static class Functions
{
    public const string LeadsRead = "leads.read";
    public const string LeadsWrite = "leads.write";
    public const string LeadsAssign = "leads.assign";
    public const string LeadsClaim = "leads.claim";
    public const string LeadsQualify = "leads.qualify";
    public const string LeadsMerge = "leads.merge";
    public const string RecordsFlag = "records.flag";
    public const string SpotChecksRead = "spot-checks.read";
    public const string SpotChecksManage = "spot-checks.manage";
    public const string FormsManage = "forms.manage";
    public const string CustomersRead = "customers.read";
    public const string CustomersWrite = "customers.write";
    public const string ContactsRead = "contacts.read";
    public const string ContactsWrite = "contacts.write";
    public const string CommitmentsRead = "commitments.read";
    public const string CommitmentsWrite = "commitments.write";
    public const string DeliveryPlansWrite = "delivery-plans.write";
    public const string KnowledgeRead = "knowledge.read";
    public const string KnowledgeWrite = "knowledge.write";
    public const string TicketsRead = "tickets.read";
    public const string TicketsWrite = "tickets.write";
    public const string ProductRequestsRead = "product-requests.read";
    public const string ProductRequestsWrite = "product-requests.write";
    public const string ProductRequestsDecide = "product-requests.decide";
    public const string CampaignsRead = "campaigns.read";
    public const string CampaignsWrite = "campaigns.write";
    public const string OpportunitiesRead = "opportunities.read";
    public const string OpportunitiesWrite = "opportunities.write";
    public const string OpportunitiesAssign = "opportunities.assign";
    public const string OpportunitiesClose = "opportunities.close";
    public const string OpportunitiesCorrect = "opportunities.correct";
    public const string OrdersRead = "orders.read";
    public const string OrdersWrite = "orders.write";
    public const string OrdersSettle = "orders.settle";
    public const string ApprovalsRead = "approvals.read";
    public const string ApprovalsRequest = "approvals.request";
    public const string ApprovalsDecide = "approvals.decide";
    public const string TasksRead = "tasks.read";
    public const string TasksWrite = "tasks.write";
    public const string AlertsRead = "alerts.read";
    public const string ChannelsRead = "channels.read";
    public const string ChannelsManage = "channels.manage";
    public const string MessagesRead = "messages.read";
    public const string HelpRead = "help.read";
    public const string HelpAsk = "help.ask";
    public const string HelpAnswer = "help.answer";
    public const string VisitsRead = "visits.read";
    public const string VisitsWrite = "visits.write";
    public const string AttachmentsRead = "attachments.read";
    public const string AttachmentsWrite = "attachments.write";
    public const string PipelineRead = "pipeline.read";
    public const string ConversionRead = "conversion.read";
    public const string ActivityRead = "activity.read";
    public const string AuditRead = "audit.read";
    public const string EventsRead = "events.read";
    public const string ImportsRead = "imports.read";
    public const string ImportsManage = "imports.manage";
    public const string HistoryExport = "history.export";
    public const string PlaybookRead = "playbooks.read";
    public const string PlaybookWrite = "playbooks.write";
    public const string PlaybookPublish = "playbooks.publish";
    public const string AutomationsRead = "automations.read";
    public const string AutomationsManage = "automations.manage";
    public const string ScoringRead = "scoring.read";
    public const string ScoringManage = "scoring.manage";
    public const string WebhooksRead = "webhooks.read";
    public const string WebhooksManage = "webhooks.manage";
    public const string MembersRead = "members.read";
    public const string MembersManage = "members.manage";

    public static IReadOnlyList<string> All { get; } =
        [.. typeof(Functions).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
