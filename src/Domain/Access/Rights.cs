using System.Collections.Immutable;

namespace Crm.Domain.Access;

/// <summary>What somebody may do, whose records he sees, and which of their fields he does not.</summary>
/// <param name="Functions">Names from <see cref="Access.Functions"/>.</param>
/// <param name="HiddenFields">Record and field, as <c>opportunity.amount</c>.</param>
public sealed record Rights(ImmutableSortedSet<string> Functions, RecordScope Scope, ImmutableSortedSet<string> HiddenFields)
{
    public static readonly Rights Everything = new([.. Access.Functions.All], RecordScope.All, []);

    /// <summary>Whether these are all of the others and perhaps more: nobody gives what he does not have.</summary>
    public bool Cover(Rights others) =>
        others.Functions.IsSubsetOf(Functions) && others.Scope <= Scope && HiddenFields.IsSubsetOf(others.HiddenFields);

    /// <summary>The same for a key that may do only some of it; null for all of it.</summary>
    public Rights For(IReadOnlyList<string>? functions) => functions is null ? this : this with { Functions = Functions.Intersect(functions) };
}

/// <summary>The roles that every tenant has. A tenant defines others beside them.</summary>
public static class BuiltInRoles
{
    public const string Admin = "admin";

    private static readonly IEnumerable<string> Personal =
    [
        .. ((string[])["contact", "email", "phone"]).Select(field => $"lead.{field}"),
        .. ((string[])["name", "email", "phone"]).Select(field => $"contact.{field}"),
        .. ((string[])["lead", "customer", "opportunity"]).Select(record => $"{record}.place")
    ];

    private static readonly IReadOnlyList<string> NotForManagers =
    [
        Functions.MembersManage, Functions.ImportsRead, Functions.ImportsManage, Functions.HistoryExport, Functions.WebhooksRead, Functions.WebhooksManage,
        Functions.PlaybookWrite, Functions.PlaybookPublish, Functions.AutomationsManage, Functions.ScoringManage, Functions.ChannelsManage,
        Functions.SourcesManage, Functions.SourcesPush
    ];

    public static readonly ImmutableSortedDictionary<string, Rights> All = ImmutableSortedDictionary.Create<string, Rights>(StringComparer.Ordinal)
        .Add(Admin, Rights.Everything)
        .Add("manager", new([.. Functions.All.Except(NotForManagers)], RecordScope.Subtree, []))
        .Add("rep", new(
            [
                Functions.LeadsRead, Functions.LeadsWrite, Functions.LeadsClaim, Functions.LeadsQualify, Functions.LeadsMerge, Functions.CustomersRead, Functions.CustomersWrite,
                Functions.ContactsRead, Functions.ContactsWrite, Functions.CampaignsRead,
                Functions.OpportunitiesRead, Functions.OpportunitiesWrite, Functions.OpportunitiesClose, Functions.OrdersRead, Functions.OrdersWrite,
                Functions.TasksRead, Functions.TasksWrite, Functions.AlertsRead, Functions.ChannelsRead, Functions.AttachmentsRead, Functions.AttachmentsWrite,
                Functions.PipelineRead, Functions.ActivityRead, Functions.PlaybookRead, Functions.ScoringRead, Functions.SpotChecksRead,
                Functions.ApprovalsRead, Functions.ApprovalsRequest, Functions.ApprovalsDecide,
                Functions.CommitmentsRead, Functions.CommitmentsWrite, Functions.KnowledgeRead,
                Functions.VisitsRead, Functions.VisitsWrite, Functions.HelpRead, Functions.HelpAsk, Functions.HelpAnswer,
                Functions.TicketsRead, Functions.TicketsWrite, Functions.ProductRequestsRead, Functions.ProductRequestsWrite,
                Functions.DailyReportsRead, Functions.DailyReportsWrite
            ], RecordScope.Own, []))
        .Add("analyst", new(
            [
                Functions.LeadsRead, Functions.CustomersRead, Functions.ContactsRead, Functions.CampaignsRead, Functions.OpportunitiesRead, Functions.OrdersRead,
                Functions.TasksRead, Functions.AlertsRead, Functions.ChannelsRead, Functions.PipelineRead, Functions.ConversionRead, Functions.ActivityRead, Functions.AuditRead,
                Functions.EventsRead, Functions.ImportsRead, Functions.PlaybookRead, Functions.ScoringRead, Functions.SpotChecksRead,
                Functions.ApprovalsRead, Functions.CommitmentsRead, Functions.KnowledgeRead, Functions.VisitsRead, Functions.HelpRead,
                Functions.TicketsRead, Functions.ProductRequestsRead, Functions.DailyReportsRead, Functions.ForecastsRead, Functions.ForecastsRun,
                Functions.SourcesRead
            ], RecordScope.All, [.. Personal]))
        .Add("ops", new(
            [
                Functions.AlertsRead, Functions.ChannelsRead, Functions.MessagesRead, Functions.AutomationsRead, Functions.AutomationsManage, Functions.ImportsRead, Functions.MembersRead,
                Functions.PlaybookRead, Functions.WebhooksRead, Functions.SourcesRead, Functions.SourcesManage
            ], RecordScope.All, []))
        .Add("integration", new(
            [
                Functions.LeadsRead, Functions.LeadsWrite, Functions.LeadsAssign, Functions.LeadsMerge, Functions.CustomersRead, Functions.CustomersWrite,
                Functions.ContactsRead, Functions.ContactsWrite, Functions.CampaignsRead, Functions.CampaignsWrite,
                Functions.OpportunitiesRead, Functions.OpportunitiesWrite, Functions.OpportunitiesAssign, Functions.OpportunitiesClose,
                Functions.OrdersRead, Functions.OrdersWrite, Functions.OrdersSettle, Functions.TasksRead, Functions.TasksWrite, Functions.AlertsRead,
                Functions.AttachmentsRead, Functions.AttachmentsWrite, Functions.EventsRead, Functions.ImportsRead, Functions.ImportsManage, Functions.WebhooksRead, Functions.WebhooksManage,
                Functions.CommitmentsRead, Functions.CommitmentsWrite, Functions.DeliveryPlansWrite,
                Functions.TicketsRead, Functions.TicketsWrite, Functions.ProductRequestsRead, Functions.ProductRequestsWrite,
                Functions.SourcesRead, Functions.SourcesPush
            ], RecordScope.All, []));
}
