using Crm.Api.Automations;
using Crm.Domain.Customers;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Customers.Care;

/// <summary>
/// One leader's time in the care of customers: after what happened with one it is looked at, and once a day, and under other rules, all
/// are. Days count by the tenant's calendar, so between its midnights time alone moves nobody.
/// </summary>
internal sealed class CustomerDuty(Engine engine, CustomerFactsReader reader, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Progress = "automations:customers";

    private const int PageSize = 500;

    private static readonly Type[] Triggers =
    [
        typeof(CustomerRegistered), typeof(CustomerChanged), typeof(CustomerTagged), typeof(CustomerTierSet), typeof(CustomerTouched),
        typeof(CustomerImportUndone),
        typeof(OrderSigned), typeof(OrderFlagged), typeof(OrderFlagWithdrawn), typeof(OrderImportUndone),
        typeof(OpportunityOpened), typeof(OpportunityChanged), typeof(OpportunityTouched), typeof(OpportunityWon), typeof(OpportunityLost),
        typeof(OpportunityReopened), typeof(OpportunityFlagged), typeof(OpportunityFlagWithdrawn), typeof(OpportunityImportUndone),
        typeof(OpportunityCorrected), typeof(PlaybookPublished), typeof(PlaybookWithdrawn), typeof(AutomationSwitched)
    ];

    private readonly LogPlace place = new(connection, Progress);
    private readonly CustomerRounds rounds = new(connection);
    private readonly CustomerCare care = new(engine, table);
    private readonly string[] types = [.. Triggers.SelectMany(engine.Store.Types.AliasesOf)];
    private long position;

    /// <summary>Takes up where the last one stood; the very first begins at the head.</summary>
    public async Task Begin(CancellationToken ct) => position = await place.Open(ct);

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Step(CancellationToken ct)
    {
        foreach (var failure in await AutomationTable.Wanted(connection, CustomerCare.Automation, ct))
        {
            await Look(failure.Tenant, [failure.Subject], position, ct);
            await table.Done(failure, ct);
        }

        var hasMore = await Follow(ct);

        // A program that nobody asks anything learns nowhere else how late it is.
        await engine.Store.Head(ct);
        foreach (var (tenant, day, playbook) in await rounds.All(ct))
        {
            await Round(tenant, day, playbook, ct);
        }

        return hasMore;
    }

    private async Task<bool> Follow(CancellationToken ct)
    {
        var (events, seen) = await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(position, long.MaxValue, [], [], types),
            PageSize, ct);
        var begun = new List<NpgsqlBatchCommand>();
        foreach (var tenant in events.GroupBy(e => e.Tenant))
        {
            if (tenant.Any(e => e.Data is IPlaybookEvent))
            {
                engine.Playbooks.Forget(tenant.Key);
            }

            if (tenant.Any(e => e.Data is PlaybookPublished { Document: var rules } && CustomerPolicies.Of(rules).LooksAfter))
            {
                begun.Add(CustomerRounds.Begin(tenant.Key));
            }

            var records = tenant.Where(e => e.Data is not IPlaybookEvent).Select(e => e.StreamId).Distinct().ToList();
            if (records.Count > 0)
            {
                await Look(tenant.Key, records, tenant.Max(e => e.Position), ct);
            }
        }

        if (seen > position)
        {
            await place.Advance(position, seen, begun, ct);
            position = seen;
        }

        return events.Count == PageSize;
    }

    private async Task Look(string tenant, IReadOnlyCollection<Guid> records, long least, CancellationToken ct)
    {
        await engine.Store.Head(ct);
        if (await CustomerPolicies.Terms(engine, tenant, ct) is { Mode: not AutomationMode.Off } terms)
        {
            await care.Act(tenant, await reader.Of(tenant, records, least, ct), terms, tells: false, () => rounds.Beat(ct), ct);
        }
    }

    private async Task Round(string tenant, DateOnly day, long playbook, CancellationToken ct)
    {
        if (await CustomerPolicies.Terms(engine, tenant, ct) is not { } terms
            || DateOnly.FromDateTime(terms.Zone.LocalOf(terms.Now)) is var today && today == day && terms.Version == playbook)
        {
            return;
        }

        // Customers that are registered meanwhile are looked at for their own sake.
        for (var last = Guid.Empty; terms.Mode != AutomationMode.Off;)
        {
            var some = await reader.Behind(tenant, last, PageSize, ct);
            await care.Act(tenant, some, terms, tells: true, () => rounds.Beat(ct), ct);
            if (some.Count < PageSize)
            {
                break;
            }

            last = some[^1].Id;
        }

        await rounds.Done(tenant, today, terms.Version, ct);
    }
}
