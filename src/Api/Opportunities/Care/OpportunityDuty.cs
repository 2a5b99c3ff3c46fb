using Crm.Api.Automations;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Opportunities.Care;

/// <summary>One leader's time in the care of opportunities: follows the log from where the last one stood, and does what falls
/// due.</summary>
internal sealed class OpportunityDuty(Engine engine, IDealCare care, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    private const int PageSize = 500;
    private const int MostDue = 500;

    private static readonly Type[] Rules = [typeof(PlaybookPublished), typeof(PlaybookWithdrawn), typeof(AutomationSwitched)];

    private readonly LogPlace place = new(connection, care.Progress);

    private readonly string[] types = [.. engine.Store.Types.AliasesOf(typeof(IOpportunityEvent))
        .Except(care.Unheard.SelectMany(engine.Store.Types.AliasesOf))
        .Concat(Rules.Concat(care.AlsoHeard).SelectMany(engine.Store.Types.AliasesOf))];

    // Of tenants for whom it is only tried: what was tried once is not tried again until it is due anew.
    private readonly Dictionary<(string Tenant, Guid Opportunity), DateTimeOffset> tried = [];
    private readonly HashSet<string> idle = [];
    private long position;

    /// <summary>Takes up where the last one stood; the very first looks for what will be due, and begins where that ends.</summary>
    public async Task Begin(CancellationToken ct)
    {
        long? gathered = await HasBegun(ct) ? null : await Gather(ct);
        position = await place.Open(gathered, ct);
    }

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Step(CancellationToken ct)
    {
        foreach (var failure in await AutomationTable.Wanted(connection, care.Automation, ct))
        {
            // What is not done now stays failed.
            if (await care.ModeOf(failure.Tenant, ct) is AutomationMode.On)
            {
                await Act(failure.Tenant, [new(failure.Subject, failure.DueAt, failure.Cause, failure.Entry is not null)], ct);
                await table.Done(failure, ct);
            }
        }

        return await Follow(ct) | await Ring(ct);
    }

    private async Task<bool> HasBegun(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select exists (select from public.mt_event_progression where name = $1)", connection);
        command.Parameters.AddWithValue(care.Progress);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    // In a store that was there before, such as one that was loaded from another: those that came to a stage under limits are
    // looked at once. What is written meanwhile is followed from the position that is given back.
    private async Task<long> Gather(CancellationToken ct)
    {
        string[] entries = [.. ((Type[])[typeof(OpportunityOpened), typeof(OpportunityStageEntered), typeof(OpportunityReopened)])
            .SelectMany(engine.Store.Types.AliasesOf)];
        var end = (await engine.Store.Head(ct)).Position;
        for (var at = 0L; at < end;)
        {
            var (events, seen) = await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(at, end, [], [], entries), PageSize,
                ct);
            foreach (var tenant in events.Where(care.Begins).GroupBy(e => e.Tenant))
            {
                if (await care.ModeOf(tenant.Key, ct) is not null)
                {
                    var now = engine.Store.Clock.GetUtcNow();
                    await care.Dues.Note(engine.Followers, tenant.Key, tenant.Select(e => e.StreamId).Distinct()
                        .ToDictionary(id => id, _ => (DateTimeOffset?)now), ct);
                }
            }

            at = seen;
        }

        return end;
    }

    private async Task<bool> Follow(CancellationToken ct)
    {
        var (events, seen) = await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(position, long.MaxValue, [], [], types),
            PageSize, ct);
        var causes = new List<(string Tenant, IReadOnlyList<OpportunityCause> Of)>();
        foreach (var tenant in events.GroupBy(e => e.Tenant))
        {
            // Another node may have published them this moment.
            if (tenant.Any(e => e.Data is IPlaybookEvent))
            {
                engine.Playbooks.Forget(tenant.Key);
            }

            if (await care.Causes(connection, tenant.Key, [.. tenant], ct) is not { } found)
            {
                return false;
            }

            causes.Add((tenant.Key, found));
        }

        foreach (var (tenant, found) in causes)
        {
            await Act(tenant, found, ct);
        }

        if (seen > position)
        {
            await place.Advance(position, seen, [], ct);
            position = seen;
        }

        return events.Count == PageSize;
    }

    private async Task<bool> Ring(CancellationToken ct)
    {
        foreach (var tenant in idle.Concat(tried.Keys.Select(one => one.Tenant)).Distinct().ToList())
        {
            var mode = await care.ModeOf(tenant, ct);
            if (mode is AutomationMode.On or AutomationMode.DryRun)
            {
                idle.Remove(tenant);
            }

            foreach (var one in mode is AutomationMode.On ? tried.Keys.Where(one => one.Tenant == tenant).ToList() : [])
            {
                tried.Remove(one);
            }
        }

        var due = await care.Dues.Look(connection, MostDue, idle, tried, ct);
        foreach (var tenant in due.GroupBy(one => one.Tenant))
        {
            var mode = await Act(tenant.Key, [.. tenant.Select(one => new OpportunityCause(one.Stream, one.DueAt, Event: null))], ct);
            foreach (var one in mode is AutomationMode.DryRun ? tenant : Enumerable.Empty<DueStream>())
            {
                tried[(one.Tenant, one.Stream)] = one.DueAt;
            }

            if (mode is null or AutomationMode.Off)
            {
                idle.Add(tenant.Key);
            }
        }

        return due.Count > 0;
    }

    private async Task<AutomationMode?> Act(string tenant, IReadOnlyList<OpportunityCause> causes, CancellationToken ct)
    {
        if (causes.Count == 0 || await care.ModeOf(tenant, ct) is not { } mode)
        {
            return null;
        }

        // A program that nobody asks anything learns nowhere else how late it is.
        await engine.Store.Head(ct);
        try
        {
            await care.Act(tenant, causes, mode, ct);
        }
        catch (Exception error) when (!error.IsPassing() && causes.Count > 1)
        {
            // One that cannot be done keeps nothing back but itself: it is looked for by halves, and the right to lead is used
            // meanwhile, or it would be lost.
            await using (var used = new NpgsqlCommand("select 1", connection))
            {
                await used.ExecuteNonQueryAsync(ct);
            }

            var half = causes.Count / 2;
            await Act(tenant, [.. causes.Take(half)], ct);
            await Act(tenant, [.. causes.Skip(half)], ct);
        }
        catch (Exception error) when (!error.IsPassing())
        {
            await table.Note(new AutomationFailure(
                tenant, care.Automation, causes[0].Opportunity, causes[0].Event, causes[0].At, default, 0,
                $"{error.GetType().Name}: {error.Message.Split('\n')[0]}", Again: false, causes[0].IsEntry ? causes[0].Event : null), ct);
        }

        return mode;
    }
}
