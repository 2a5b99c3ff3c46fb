using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.MetricAlerts;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.DailyReports;
using Crm.Domain.Playbooks;
using Crm.EventStore.Sealing;
using Crm.Projections;
using Crm.Projections.DailyReports;

namespace Crm.Api.DailyReports;

/// <summary>Shows people what the log holds of their days, and takes in what they say to it. A day of somebody has one report.</summary>
public sealed class DailyReportDesk(Engine engine, Queries queries, DailyReader reader, Sealer sealer, Unsealer unsealer)
{
    public static Guid IdOf(string tenant, string member, DateOnly day) =>
        StreamId.From(tenant, DailyReportDecider.Instance.StreamType, $"{day:yyyy-MM-dd} {member}");

    public async Task<DailyReportAnswer> Read(
        Caller by, string member, DailyReportQuestion question, PositionToken? least, CancellationToken ct)
    {
        var who = await MustSee(by, member, ct);
        var lens = await queries.Lens(question.Times, by.Zone, ct);
        var now = engine.Store.Clock.GetUtcNow();
        var day = MustHaveCome(question.Day, by, now);
        var moment = new[] { lens.AsOf, lens.KnownAt, now }.Min()!.Value;
        var terms = DailyTerms.Of(await Playbooks(by.Tenant, lens, ct), day, by.Zone, moment);
        var id = IdOf(by.Tenant, member, day);
        var row = await queries.One(Catalog.DailyReports, by.Tenant, id, lens, ct) is var (found, _) ? (DailyReportList.Row?)found : null;
        var (contents, position) = await reader.Of(by.Tenant, who, terms, lens, row?.Shown, least, ct);

        var due = row?.DueAt ?? await terms.DueOf(member, engine.Store, by.Tenant, moment, position, ct);
        var told = contents.Shown ?? contents.Now;
        return new(
            lens.AsOf, lens.KnownAt, position, DailyReader.Models.ToDictionary(model => model.Name, model => model.Version),
            terms.Published?.Number ?? 0, id, member, who.Rep, row?.Team ?? who.Team, day, terms.From, terms.To,
            StateOf(row, due, moment), due, row?.SubmittedAt, row?.AmendedAt,
            row?.Amendments ?? 0, row?.Shown,
            new([.. (terms.Section?.Ticks ?? []).Select(tick => new DailyTick(tick.Key, tick.Label))], terms.Section?.Photos?.AtLeast ?? 0),
            row?.Ticks ?? [], [.. told.Photos.Union(row?.OwnPhotos ?? [])], await unsealer.Open(by.Tenant, row?.Remark, ct), told.Counts,
            DailyPartAnswer.Of(by, told),
            contents.Shown is { } shown ? DailyPartAnswer.Of(by, contents.Now.Beyond(shown)) : []);
    }

    public async Task<(Written Written, DateOnly Day)> Submit(string member, SubmitDailyReportRequest r, Call call, CancellationToken ct)
    {
        var by = call.By;
        var who = await MustSee(by, member, ct);
        if (member != by.Id)
        {
            throw Rejection.WrongState("daily-report.not-own", "Only whoever it is of tells what his day was.");
        }

        var now = engine.Store.Clock.GetUtcNow();
        var day = MustHaveCome(r.Day, by, now);
        var history = await engine.Playbooks.History(by.Tenant, ct);
        MustKnowTicks(r, history);
        var terms = DailyTerms.Of(history, day, by.Zone, now);
        var id = IdOf(by.Tenant, member, day);

        // What he told of just now is to be in it.
        var head = queries.Token((await engine.Store.Head(ct)).Position);
        var (contents, position) = await reader.Of(by.Tenant, who, terms, new Lens(null, null, null), shown: null, head, ct);
        var (known, _) = await engine.Commands.Latest(DailyReportDecider.Instance, by.Tenant, id, ct);
        var seal = new Seal(sealer, by.Tenant, person: StreamId.From(by.Tenant, "member", member), isNew: false, ct);
        var remark = r.Remark is null ? null : await seal.Again(known.Latest?.Remark, r.Remark);
        var due = await terms.DueOf(member, engine.Store, by.Tenant, now, known: null, ct);
        var said = new DailyReportSubmitted(
            member, who.Rep, day, position, contents.Now.Counts, who.Team, due, Each(r.Ticks), Each(r.Photos), remark);
        var command = new SubmitDailyReport(
            said, contents.Now.Photos, terms.Section?.Photos?.AtLeast ?? 0, MetricDays.Of(now, by.Zone));
        var written = await engine.Commands.Send(
            DailyReportDecider.Instance, id, command, call with { PersonKeys = seal.Made }, ct, terms.Published?.Number,
            state => state.Submitted is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        return (written, day);
    }

    /// <summary>Whether a report is there, and in time.</summary>
    internal static DailyReportState StateOf(DailyReportList.Row? row, DateTimeOffset? due, DateTimeOffset moment) =>
        row?.SubmittedAt is not null ? row.IsLate ? DailyReportState.Late : DailyReportState.Submitted
        : row?.IsLate == true || due < moment ? DailyReportState.Missing : DailyReportState.Open;

    /// <summary>Of which day somebody asks.</summary>
    /// <exception cref="Rejection">It has not come.</exception>
    internal static DateOnly MustHaveCome(DateOnly? asked, Caller by, DateTimeOffset now)
    {
        var today = MetricDays.Of(now, by.Zone);
        return asked is not { } day ? today : day <= today ? day : throw Rejection.BrokenRule(
            "daily-report.day-ahead", $"It is {today:yyyy-MM-dd}; what has not happened yet cannot be reported.", "day");
    }

    /// <summary>Whether somebody's reports are for a caller: his own, those of whose records he sees, and of those who report to
    /// him.</summary>
    internal static bool Sees(Caller by, DailyReporter who, IReadOnlyList<RepSection> reps) =>
        who.Member == by.Id || by.Sight.Owners?.Own(who.Rep, who.Team) != false || Superiors.Above(reps, who.Rep).Contains(by.Rep);

    private async Task<DailyReporter> MustSee(Caller by, string member, CancellationToken ct)
    {
        var organisation = await engine.Organisations.Of(by.Tenant, ct);
        var who = member == by.Id ? new DailyReporter(by.Id, by.Rep, by.Team) : DailyStaff.Of(organisation, member);
        var playbook = await engine.Playbooks.Of(by.Tenant, ct);
        return (member == by.Id || organisation.Members.ContainsKey(member)) && Sees(by, who, playbook.Document?.Reps ?? []) ? who
            : throw Rejection.Unknown("daily-report.unknown", "There is no such member, or his days are not for you.");
    }

    private Task<PlaybookHistory> Playbooks(string tenant, Lens lens, CancellationToken ct) => lens.Position is { } position
        ? engine.Playbooks.AsKnown(tenant, position, ct) : engine.Playbooks.History(tenant, ct);

    // Phones that were away may still have an older list.
    private static void MustKnowTicks(SubmitDailyReportRequest r, PlaybookHistory history)
    {
        var known = history.Published.SelectMany(one => one.Document.DailyReport?.Ticks ?? []).Select(tick => tick.Key).ToHashSet();
        var faults = (r.Ticks ?? []).Index().Where(tick => !known.Contains(tick.Item)).Select(tick => new RuleFault(
            $"/ticks/{tick.Index}", "daily-report.tick-unknown",
            $"No playbook has had '{tick.Item}' among what can be ticked off of a day."))
                .ToList();
        if (faults.Count > 0)
        {
            throw Rejection.BrokenRules("daily-report.tick-unknown", "Some of what was ticked off is unknown; errors names each.", faults);
        }
    }

    private static IReadOnlyList<string>? Each(IReadOnlyList<string>? said) => said is { Count: > 0 } ? [.. said.Distinct()] : null;
}
