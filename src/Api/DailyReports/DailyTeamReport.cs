using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Playbooks;
using Crm.Domain.DailyReports;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.DailyReports;
using Npgsql;

namespace Crm.Api.DailyReports;

/// <summary>Who has told what his day was, and who has not.</summary>
public sealed class DailyTeamReport(Queries queries, CurrentPlaybook playbooks, Store store)
{
    private const int Most = 1000;

    private static readonly ModelReader<DailyReportList.Row> Reports = new(Catalog.DailyReports);

    public async Task<DailyTeamAnswer> Of(Caller by, DailyTeamQuestion question, PositionToken? least, CancellationToken ct)
    {
        var lens = await queries.Lens(question.Times, by.Zone, ct);
        var now = playbooks.Clock.GetUtcNow();
        var moment = new[] { lens.AsOf, lens.KnownAt, now }.Min()!.Value;
        var day = DailyReportDesk.MustHaveCome(question.Day, by, now);
        var ((rows, terms, expected, superiors), position) = await queries.Read(
            by.Tenant, Catalog.DailyReports, lens, least, async (connection, known) =>
            {
                var history = await playbooks.AsKnown(by.Tenant, known, ct);
                var that = DailyTerms.Of(history, day, by.Zone, moment);
                var reps = await that.Expected(store, by.Tenant, moment, known, ct);
                return (
                    await Rows(connection, by.Tenant, lens, known, day, ct), that, reps, history.PublishedAt(moment)?.Document.Reps ?? []);
            }, ct);

        var told = rows.ToDictionary(row => row.Member!);
        var members = expected.Select(who => who.Member).ToHashSet();
        var people = expected.Concat(rows.Select(row => new DailyReporter(row.Member!, row.Rep!, row.Team)))
            .DistinctBy(who => who.Member)
            .Where(who => (question.Team is null || who.Team == question.Team) && DailyReportDesk.Sees(by, who, superiors))
            .OrderBy(who => who.Member, StringComparer.Ordinal)
            .Select(who => One(who, told.GetValueOrDefault(who.Member), members.Contains(who.Member), terms.DueAt, moment)).ToList();
        return new(
            lens.AsOf, lens.KnownAt, position, Catalog.DailyReports.Version, terms.Published?.Number ?? 0, day, terms.DueAt,
            people.Count(one => one.IsExpected), people.Count(one => one.SubmittedAt is not null),
            people.Count(one => one.State == DailyReportState.Late), people.Count(one => one.State == DailyReportState.Missing),
            people.Count, [.. people.Take(Most)]);
    }

    private static DailyTeamMember One(
        DailyReporter who, DailyReportList.Row? row, bool isExpected, DateTimeOffset? due, DateTimeOffset moment) => new(
        who.Member, who.Rep, who.Team, isExpected, DailyReportDesk.StateOf(row, row?.DueAt ?? (isExpected ? due : null), moment),
        row?.SubmittedAt, row?.AmendedAt, row?.Amendments ?? 0,
        row?.SubmittedAt is null ? null : new(
            row.Touches, row.Visits, row.Photos, row.StageMoves, row.NewLeads, row.NewOpportunities, row.Promises, row.HelpAsked,
            row.TasksDone, row.TasksOverdue, row.TasksTomorrow),
        row?.OwnPhotos.Count ?? 0, row?.Ticks ?? []);

    private static async Task<IReadOnlyList<DailyReportList.Row>> Rows(
        NpgsqlConnection connection, string tenant, Lens lens, long known, DateOnly day, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select {Reports.Columns} from {Reports.Rows(lens.Rewound)} r where r.day = $4 and r.member is not null", connection);
        foreach (var value in (object[])[tenant, lens.Until.ToUniversalTime(), known, day])
        {
            command.Parameters.AddWithValue(value);
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        return await Reports.Read(reader, ct);
    }
}
