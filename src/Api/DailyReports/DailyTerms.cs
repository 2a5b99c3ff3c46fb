using Crm.Api.Access;
using Crm.Api.Approvals;
using Crm.Api.MetricAlerts;
using Crm.Api.Playbooks;
using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.DailyReports;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using NodaTime;

namespace Crm.Api.DailyReports;

/// <summary>A day of a tenant's, and what the playbook says of reports on it.</summary>
/// <param name="Published">What is in force at the end of the day, or now while it is not over; null where nothing is.</param>
/// <param name="DueAt">By when reports are there; null where nothing was said of it by then.</param>
internal sealed record DailyTerms(DateOnly Day, DateTimeOffset From, DateTimeOffset To, PlaybookPublished? Published, DateTimeOffset? DueAt)
{
    public DailyReportSection? Section => Published?.Document.DailyReport;

    /// <summary>The end of the day after.</summary>
    public DateTimeOffset Next { get; private init; }

    // Whose reports are looked for is what was so when they were due.
    private DateTimeOffset At { get; init; }

    private PlaybookDocument? Document { get; init; }

    /// <param name="now">What is known of the playbook's future does not count yet.</param>
    public static DailyTerms Of(PlaybookHistory history, DateOnly day, DateTimeZone zone, DateTimeOffset now)
    {
        var (from, to) = (Http.Moment.OfDay(day).In(zone), Http.Moment.OfDay(day.AddDays(1)).In(zone));
        var published = history.PublishedAt(to < now ? to : now);
        var due = published?.Document.DailyReport?.DueBy is { } time ? MetricDays.At(day, time, zone) : (DateTimeOffset?)null;

        // What is said of it when it is over comes too late for that day.
        var isInTime = due is { } moment && history.PublishedAt(moment)?.Document.DailyReport is not null;
        var at = isInTime ? due!.Value : to < now ? to : now;
        return new(day, from, to, published, isInTime ? due : null)
        {
            Next = Http.Moment.OfDay(day.AddDays(2)).In(zone),
            At = at,
            Document = history.PublishedAt(at)?.Document
        };
    }

    /// <summary>Of whom a report is looked for.</summary>
    /// <param name="until">What happened later does not count.</param>
    /// <param name="known">Up to which position it is known; null for all that is known.</param>
    public async Task<IReadOnlyList<DailyReporter>> Expected(
        Store store, string tenant, DateTimeOffset until, long? known, CancellationToken ct)
    {
        if (Section is null || Document is null)
        {
            return [];
        }

        var organisation = await Folded<Organisation, IAccessEvent>(
            Organisations.StreamOf(tenant), Organisation.None, Organisation.Evolve);
        var away = await Folded<ApprovalDelegations, IApprovalDelegationEvent>(
            ApprovalRules.DelegationsOf(tenant), ApprovalDelegations.None, ApprovalDelegations.Evolve);
        return [.. DailyStaff.Expected(Document, organisation, away, Day, At, Zones.Tzdb)];

        async Task<TState> Folded<TState, TEvent>(Guid stream, TState none, Func<TState, TEvent, TState> evolve) =>
            FoldOrder.Of(await store.ReadStream(tenant, stream, new ReadBound(Position: known), ct), store.Types)
                .Where(fact => fact.OccurredAt <= (At < until ? At : until))
                .Select(fact => fact.Data).OfType<TEvent>().Aggregate(none, evolve);
    }

    /// <summary>By when the report of one person is there; null where none is looked for.</summary>
    /// <inheritdoc cref="Expected"/>
    public async Task<DateTimeOffset?> DueOf(
        string member, Store store, string tenant, DateTimeOffset until, long? known, CancellationToken ct) =>
        DueAt is { } due && (await Expected(store, tenant, until, known, ct)).Any(one => one.Member == member) ? due : null;
}
