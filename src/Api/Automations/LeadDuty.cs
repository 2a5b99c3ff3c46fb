using Crm.Api.Http;
using Crm.Api.Imports;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>
/// One leader's time in the care of leads: follows the log from where the last one stood, and does what falls due. What it holds in memory it has from the log.
/// </summary>
internal sealed class LeadDuty(Engine engine, LeadCare care, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Progress = "automations:leads";

    private const int PageSize = 500;
    private const int MostDue = 500;

    // Read models are seldom that far behind.
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(5);

    // After each of these something may have to be done: a lead be given to somebody, a task be closed.
    private static readonly Type[] Triggers =
    [
        typeof(LeadCaptured), typeof(LeadReturned), typeof(LeadRevived), typeof(LeadUnmerged), typeof(LeadChanged), typeof(LeadTouched), typeof(LeadAbsorbed),
        typeof(LeadAssigned), typeof(LeadQualified), typeof(LeadDisqualified), typeof(LeadMerged), typeof(LeadImportUndone), typeof(LeadFlagged), typeof(LeadFlagWithdrawn),
        typeof(LeadUnsubscribed), typeof(LeadResubscribed), typeof(LeadAttachmentRemoved), typeof(LeadReleased), typeof(LeadLevelReached),
        typeof(PlaybookPublished), typeof(PlaybookWithdrawn), typeof(AutomationSwitched)
    ];

    private readonly LogPlace place = new(connection, Progress);
    private readonly DueStreams dues = new(Catalog.LeadClocks, LeadCare.Automation);
    private readonly string[] types = [.. Triggers.SelectMany(engine.Store.Types.AliasesOf)];
    private readonly Dictionary<string, LeadBooks> books = [];

    // Of leads that were looked at since they fell due: where their rows stood, and when. Rows that do not know that yet say again that something is due.
    private readonly Dictionary<(string, Guid), (long Position, long At)> answered = [];
    private readonly HashSet<string> idle = [];
    private long position;

    /// <summary>Takes up where the last one stood; the very first begins at the head.</summary>
    public async Task Begin(CancellationToken ct) => position = await place.Open(ct);

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Step(CancellationToken ct)
    {
        await TryAgain(ct);
        return await Follow(ct) | await Ring(ct);
    }

    private async Task TryAgain(CancellationToken ct)
    {
        foreach (var failure in await AutomationTable.Wanted(connection, LeadCare.Automation, ct))
        {
            if (await care.ModeOf(failure.Tenant, ct) != AutomationMode.On)
            {
                continue;
            }

            // What it was about may have been done since by another cause: then nothing is decided, and that is well. What fails again is wanted no more.
            await Act(failure.Tenant, [await CauseOf(failure, ct)], position, ct);
            await table.Done(failure, ct);
        }
    }

    // As it was when it failed: what had happened, and whether a file said so.
    private async Task<LeadCause> CauseOf(AutomationFailure failure, CancellationToken ct)
    {
        var stream = failure.Cause is null ? [] : await LogReader.Streams(connection, engine.Store.Types, [(failure.Tenant, failure.Subject)], long.MaxValue, ct);
        return stream.FirstOrDefault(e => e.EventId == failure.Cause) is { } happened
            ? CauseOf(happened) : new LeadCause(failure.Subject, failure.DueAt, failure.Cause);
    }

    private static LeadCause CauseOf(Recorded e) => new(e.StreamId, e.RecordedAt, e.EventId, e.Data, e.Metadata.Source == Importer.Source);

    private async Task<bool> Follow(CancellationToken ct)
    {
        var (events, seen) = await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(position, long.MaxValue, [], [], types), PageSize, ct);
        foreach (var tenant in events.GroupBy(e => e.Tenant))
        {
            if (books.TryGetValue(tenant.Key, out var known))
            {
                books[tenant.Key] = tenant.Aggregate(known, (counted, e) => counted.With(e));
            }

            // Another node may have published them this moment; those whom the former left in the pool are looked at by the new ones.
            var hasNewRules = tenant.Any(e => e.Data is IPlaybookEvent);
            if (hasNewRules)
            {
                engine.Playbooks.Forget(tenant.Key);
                await FadingLeads.Renew(engine.Followers, tenant.Key, ct);
            }

            LeadCause[] causes = [.. hasNewRules ? await Left(tenant.Key, ct) : [], .. tenant.Where(e => e.Data is ILeadEvent).Select(CauseOf)];
            await Act(tenant.Key, causes, seen, ct);
        }

        if (seen > position)
        {
            await Advance(seen, ct);
        }

        return events.Count == PageSize;
    }

    // What was left a moment ago is among them.
    private async Task<IReadOnlyList<LeadCause>> Left(string tenant, CancellationToken ct) =>
        await LeadBookkeeping.Left(engine.Followers, tenant, (await engine.Store.Head(ct)).Position, ct);

    private async Task<bool> Ring(CancellationToken ct)
    {
        foreach (var tenant in idle.ToList())
        {
            if (await care.ModeOf(tenant, ct) == AutomationMode.On)
            {
                idle.Remove(tenant);
            }
        }

        var due = await dues.Look(connection, MostDue, idle, ct);
        foreach (var gone in answered.Keys.Except(due.Select(one => (one.Tenant, one.Stream))).ToList())
        {
            answered.Remove(gone);
        }

        var faded = await FadingLeads.Look(connection, MostDue, idle, ct);
        foreach (var tenant in due.Concat(faded).Select(one => one.Tenant).Distinct().ToList())
        {
            if (await care.ModeOf(tenant, ct) != AutomationMode.On)
            {
                idle.Add(tenant);
            }
        }

        var fresh = due.Where(one => !idle.Contains(one.Tenant) && IsFresh(one)).ToList();
        foreach (var tenant in fresh.GroupBy(one => one.Tenant))
        {
            await Act(tenant.Key, [.. tenant.Select(one => new LeadCause(one.Stream, one.DueAt, Event: null))], position, ct);
            foreach (var one in tenant)
            {
                answered[(one.Tenant, one.Stream)] = (one.Position, TimeProvider.System.GetTimestamp());
            }
        }

        // When each is to be looked at next is noted with what is decided.
        var others = faded.Where(one => !idle.Contains(one.Tenant)
            && !fresh.Exists(due => (due.Tenant, due.Stream) == (one.Tenant, one.Stream))).ToList();
        foreach (var tenant in others.GroupBy(one => one.Tenant))
        {
            await Act(tenant.Key, [.. tenant.Select(one => new LeadCause(one.Stream, one.DueAt, Event: null))], position, ct);
        }

        return fresh.Count + others.Count > 0;
    }

    // A row that has moved on tells of something else. Where nothing had to be written the row is behind; should it not be, it is looked at again.
    private bool IsFresh(DueStream one) => !answered.TryGetValue((one.Tenant, one.Stream), out var last)
        || one.Position > last.Position || TimeProvider.System.GetElapsedTime(last.At) > Behind;

    private async Task Act(string tenant, IReadOnlyList<LeadCause> causes, long least, CancellationToken ct)
    {
        var mode = causes.Count == 0 ? AutomationMode.Off : await care.ModeOf(tenant, ct);
        if (mode == AutomationMode.Off)
        {
            return;
        }

        // A program that nobody asks anything learns nowhere else how late it is, and what is expected of people is counted from now.
        await engine.Store.Head(ct);
        if (!books.TryGetValue(tenant, out var known))
        {
            known = books[tenant] = await LeadBookkeeping.Open(engine.Followers, tenant, least, ct);
        }

        if (mode == AutomationMode.DryRun)
        {
            await care.Try(tenant, causes, known, ct);
            return;
        }

        try
        {
            books[tenant] = await care.Act(tenant, causes, known, ct);
        }
        catch (Exception error) when (!error.IsPassing() && causes.Count > 1)
        {
            // One that cannot be done keeps nothing back but itself: it is looked for by halves, and the right to lead is used meanwhile, or it would be lost.
            await using (var used = new NpgsqlCommand("select 1", connection))
            {
                await used.ExecuteNonQueryAsync(ct);
            }

            var half = causes.Count / 2;
            await Act(tenant, [.. causes.Take(half)], least, ct);
            await Act(tenant, [.. causes.Skip(half)], least, ct);
        }
        catch (Exception error) when (!error.IsPassing())
        {
            await table.Note(new AutomationFailure(
                tenant, LeadCare.Automation, causes[0].Lead, causes[0].Event, causes[0].At, default, 0, $"{error.GetType().Name}: {error.Message.Split('\n')[0]}", Again: false), ct);
        }
    }

    private async Task Advance(long to, CancellationToken ct)
    {
        await place.Advance(position, to, [], ct);
        position = to;
    }
}
