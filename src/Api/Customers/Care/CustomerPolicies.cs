using System.Runtime.CompilerServices;
using Crm.Api.Playbooks;
using Crm.Domain.Calendars;
using Crm.Domain.Customers;
using Crm.Domain.Playbooks;

namespace Crm.Api.Customers.Care;

/// <summary>By what customers are looked after at a moment.</summary>
/// <param name="Version">The playbook's.</param>
/// <param name="Since">Since when it is in force.</param>
/// <param name="Zone">Where the tenant's days begin.</param>
internal sealed record CustomerTerms(
    CustomerPolicy Policy, long Version, DateTimeOffset Since, AutomationMode Mode, DateTimeOffset Now, IZone Zone);

/// <summary>What a tenant's playbook says of customers, ready to decide by.</summary>
internal static class CustomerPolicies
{
    private static readonly ConditionalWeakTable<PlaybookDocument, CustomerPolicy> Made = [];

    /// <returns>Null where nothing that was published says anything of them.</returns>
    public static async Task<CustomerTerms?> Terms(Engine engine, string tenant, CancellationToken ct)
    {
        var (history, now) = (await engine.Playbooks.History(tenant, ct), engine.Store.Clock.GetUtcNow());
        if (history.PublishedAt(now) is not { } published || Of(published.Document) is not { LooksAfter: true } policy)
        {
            return null;
        }

        var zone = Zones.Of(engine.Organisations.ZoneOf(await engine.Organisations.Of(tenant, ct)));
        return new(policy, published.Number, published.From, history.ModeOf(CustomerCare.Automation), now, zone);
    }

    public static CustomerPolicy Of(PlaybookDocument document) => Made.GetValue(document, static made => CustomerPolicy.Of(made));
}
