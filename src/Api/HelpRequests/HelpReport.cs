using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Domain.HelpRequests;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.HelpRequests;
using Npgsql;

namespace Crm.Api.HelpRequests;

/// <summary>Measures how long those who ask for help wait, and how long each who is asked takes.</summary>
public sealed class HelpReport(Queries queries, CurrentPlaybook playbooks)
{
    private const int UsualDays = 90;

    public async Task<HelpReportAnswer> Of(Caller by, HelpReportQuestion question, PositionToken? least, CancellationToken ct)
    {
        Queries.MustFollow("from", question.From, "to", question.To, by.Zone);
        var lens = await queries.Lens(question.Times, by.Zone, ct);
        var moment = lens.AsOf ?? lens.KnownAt ?? playbooks.Clock.GetUtcNow();
        var to = question.To?.In(by.Zone);
        var end = to < moment ? to.Value : moment;
        var from = question.From?.In(by.Zone)
            ?? (end > DateTimeOffset.MinValue.AddDays(UsualDays) ? end.AddDays(-UsualDays) : DateTimeOffset.MinValue);
        var playbook = await playbooks.AsKnown(by.Tenant, lens.Position, moment, ct);
        var policy = HelpDesk.PolicyOf(playbook.Document);
        var (found, position) = await queries.Read(by.Tenant, Catalog.HelpRequests, lens, least, Rows, ct);

        var turns = found.SelectMany(one => one.Turns).ToList();
        var answered = found.Where(one => one.Turns is [.., { End: "answered" }]).ToList();
        return new(
            lens.AsOf, lens.KnownAt, position, Catalog.HelpRequests.Version, playbook.Version, from, to, found.Count,
            Times(answered.Select(one => (one.AskedAt, one.Turns[^1].Until!.Value)), policy),
            [.. turns.GroupBy(turn => turn.Member).OrderBy(of => of.Key, StringComparer.Ordinal)
                .Select(of => Of(of.Key, [.. of], policy))]);

        async Task<IReadOnlyList<(DateTimeOffset AskedAt, IReadOnlyList<HelpList.Turn> Turns)>> Rows(
            NpgsqlConnection connection, long known)
        {
            await using var command = new NpgsqlCommand($"""
                select asked_at, turns, rep, team from {new ModelReader<HelpList.Row>(Catalog.HelpRequests).Rows(lens.Rewound)} h
                where asked_at >= $4 and asked_at < $5 and ($6::text is null or kind = $6)
                """, connection);
            object?[] values =
            [
                by.Tenant, lens.Until.ToUniversalTime(), known, from.ToUniversalTime(),
                (to ?? DateTimeOffset.MaxValue).ToUniversalTime(),
                question.Kind is { } kind ? Http.Shapes.ChoiceShape.Spell(kind.ToString()) : null
            ];
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            }

            var rows = new List<(DateTimeOffset, IReadOnlyList<HelpList.Turn>)>();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                if (by.Sight.Owners?.Own(Text(2), Text(3)) != false)
                {
                    rows.Add((reader.GetFieldValue<DateTimeOffset>(0), HelpList.TurnsOf(reader.GetFieldValue<string[]>(1))));
                }
            }

            return rows;

            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        }
    }

    // In time is what was answered by when it was due; what went further up was not. What was handed on, or is still open, is neither.
    private static HelpOfMember Of(string member, IReadOnlyList<HelpList.Turn> turns, HelpPolicy policy)
    {
        var answered = turns.Where(turn => turn.End == "answered").ToList();
        var measured = turns.Where(turn => turn.DueAt is not null && turn.End is "answered" or "escalated").ToList();
        return new(
            member, turns.Count, turns.Count(turn => turn.End is null), turns.Count(turn => turn.End == "handed-on"),
            turns.Count(turn => turn.End == "escalated"), Times(answered.Select(turn => (turn.Since, turn.Until!.Value)), policy),
            Share.Part(measured.Count(turn => turn.End == "answered" && turn.Until <= turn.DueAt), measured.Count));
    }

    private static HelpTimes Times(IEnumerable<(DateTimeOffset From, DateTimeOffset To)> spans, HelpPolicy policy)
    {
        var all = spans.ToList();
        var elapsed = AnswerTimes.Of(all.Select(span => span.To - span.From));
        var worked = AnswerTimes.Of(all.Select(span => policy.Worked(span.From, span.To)).OfType<TimeSpan>());
        return new(elapsed.Count, elapsed.Median, elapsed.P90, worked.Median, worked.P90);
    }
}

/// <param name="From">Asked at this moment or later; left out, ninety days before the end.</param>
/// <param name="To">Asked before this moment.</param>
/// <param name="Kind">Only requests of this kind.</param>
public sealed record HelpReportQuestion(Times Times, Moment? From = null, Moment? To = null, HelpKind? Kind = null);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="PlaybookVersion">The playbook whose calendar hours of work are counted by.</param>
/// <param name="Asked">How many requests.</param>
/// <param name="Wait">How long those who asked waited for an answer, whoever gave it.</param>
/// <param name="Members">Everybody with whom requests were.</param>
public sealed record HelpReportAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, long PlaybookVersion, DateTimeOffset? From,
    DateTimeOffset? To, int Asked, HelpTimes Wait, IReadOnlyList<HelpOfMember> Members);

/// <param name="Member">By id.</param>
/// <param name="Came">How often a request came to him.</param>
/// <param name="Open">How many of those are with him.</param>
/// <param name="HandedOn">How many he handed on.</param>
/// <param name="Escalated">How many went further up since he did not answer in time.</param>
/// <param name="Answers">How long he took, from when it came to him.</param>
/// <param name="InTime">Of what was due and is over: what he answered by then.</param>
public sealed record HelpOfMember(string Member, int Came, int Open, int HandedOn, int Escalated, HelpTimes Answers, Share InTime);

/// <summary>In hours, to two places. The quantiles are interpolated between neighbours (PostgreSQL's <c>percentile_cont</c>).</summary>
/// <param name="Count">How many were answered.</param>
/// <param name="Median">In all time there is.</param>
/// <param name="P90">Likewise.</param>
/// <param name="WorkMedian">In hours of work; null where the playbook names no calendar for help.</param>
/// <param name="WorkP90">Likewise.</param>
public sealed record HelpTimes(int Count, double? Median, double? P90, double? WorkMedian, double? WorkP90);
