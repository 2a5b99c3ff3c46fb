using Crm.Domain.Access;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api.Access;

/// <summary>Of which records' events a caller is told: of no more than he could read of the records themselves.</summary>
internal static class SubjectSight
{
    private static readonly (string Name, string Function)[] Subjects =
    [
        ("lead", Functions.LeadsRead), ("customer", Functions.CustomersRead), ("opportunity", Functions.OpportunitiesRead),
        ("import-row", Functions.ImportsRead), ("access", Functions.MembersRead), ("form", Functions.FormsManage),
        ("webhook", Functions.WebhooksRead), ("contact", Functions.ContactsRead), ("campaign", Functions.CampaignsRead),
        ("order", Functions.OrdersRead),
        ("task", Functions.TasksRead), ("alert", Functions.AlertsRead), ("scoring", Functions.ScoringRead),
        ("channel", Functions.ChannelsRead), ("notifications", Functions.MembersRead),
        ("spot-check", Functions.SpotChecksManage), ("metric-alert", Functions.AutomationsRead),
        ("approval", Functions.ApprovalsRead), ("approval-delegation", Functions.ApprovalsRead),
        ("commitment", Functions.CommitmentsRead), ("delivery-plan", Functions.CommitmentsRead),
        ("article", Functions.KnowledgeRead),
        ("help-request", Functions.HelpRead),
        ("ticket", Functions.TicketsRead), ("product-request", Functions.ProductRequestsRead),
        ("daily-report", Functions.DailyReportsRead),
        ("forecast", Functions.ForecastsRead), ("learned-warnings", Functions.ScoringManage),
        ("data-source", Functions.SourcesRead), ("source-reading", Functions.SourcesRead)
    ];

    /// <summary>The read models that say whose a record is.</summary>
    public static IReadOnlyList<ReadModel> Models { get; } = [Catalog.Leads, Catalog.Opportunities, Catalog.Tasks,
        Catalog.HelpRequests, Catalog.Forecasts, Catalog.DailyReports];

    /// <summary>The kinds of record that are nobody's own; of those that have owners, and of rights, who sees only some records is told by whose they are.</summary>
    public static IReadOnlyList<string> Unowned { get; } = ["customer", "contact", "campaign", "order", "playbook", "import-row", "scoring", "channel", "spot-check", "metric-alert", "commitment", "delivery-plan", "article", "ticket", "product-request",
        "data-source", "source-reading"];

    /// <summary>The kinds of record that his functions let him read.</summary>
    public static IReadOnlyList<string> Readable(Caller by) =>
        ["playbook", AuditTrail.Other, .. Subjects.Where(subject => by.Rights.Functions.Contains(subject.Function)).Select(subject => subject.Name)];

    /// <summary>What it takes to read records of a kind; null where nothing is needed.</summary>
    public static string? FunctionFor(string subject) => Subjects.FirstOrDefault(s => s.Name == subject).Function;

    /// <summary>Whether the record with an id belongs to one of these now, in SQL; the tenant is <c>$1</c>.</summary>
    /// <param name="parameter">Adds a parameter to the statement and gives what stands for it.</param>
    public static string IsOwn(Owners owners, string id, Func<object, string> parameter)
    {
        var (reps, teams) = (parameter(owners.Reps.ToArray()), parameter(owners.Teams.ToArray()));
        return $"({string.Join(" or ", Models.Select(Own))})";

        string Own(ReadModel model) => $"""
            exists (select from {ModelTables.Of(model).Rows} o
                    where o.tenant_id = $1 and o.{ModelTables.Of(model).Id} = {id} and (o.rep = any({reps}) or o.team = any({teams})))
            """;
    }
}
