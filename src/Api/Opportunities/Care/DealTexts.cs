using System.Globalization;
using Crm.Api.Playbooks;
using Crm.Domain.Customers;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Api.Opportunities.Care;

/// <summary>What texts for an opportunity are made of.</summary>
internal sealed class DealTexts(Engine engine)
{
    /// <summary>A template of a version of the playbook.</summary>
    public async Task<TemplateSection?> Template(string tenant, long version, string key, CancellationToken ct) =>
        (await engine.Playbooks.History(tenant, ct)).Version(version)?.Document.Templates?.FirstOrDefault(one => one.Key == key);

    /// <param name="unsubscribe">Where whoever gets a mail can say that he wants no more.</param>
    public async Task<Dictionary<string, object?>> Of(string tenant, Opportunity deal, string? unsubscribe, CancellationToken ct) =>
        TemplateLanguage.For(deal, await Customer(tenant, deal, ct), unsubscribe);

    private async Task<string?> Customer(string tenant, Opportunity deal, CancellationToken ct) =>
        deal.Details?.CustomerId is not { } id ? null
        : (await engine.Commands.Latest(CustomerDecider.Instance, tenant, id, ct)).State.Details?.Name;
}
