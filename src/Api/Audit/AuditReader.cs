using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using NodaTime;
using Npgsql;

namespace Crm.Api.Audit;

/// <summary>Finds events by who, what and when, newest first, and tells them.</summary>
public sealed class AuditReader(Queries queries, Store store, Telling telling, Cursors cursors, Door door)
{
    private const int ExportPage = 500;

    private static readonly IReadOnlyList<ReadModel> Owned = [Catalog.AuditTrail, .. SubjectSight.Models];
    private static readonly string Table = ModelTables.Of(Catalog.AuditTrail).Rows;

    /// <exception cref="Problem">400: the cursor is not one of ours.</exception>
    public async Task<PageOf<AuditEntry>> Page(Caller by, AuditQuestion question, Lens lens, PositionToken? least, string language, CancellationToken ct)
    {
        var bound = Bound(by, question, lens);
        var from = question.Page.Cursor is { } cursor ? cursors.Read(cursor, bound, (code, message) => Fault.InQuery("cursor", code, message)) : null;
        queries.MustBeOurs(least);
        var before = from is null ? long.MaxValue : long.Parse(from.Keys[0]!, CultureInfo.InvariantCulture);
        var (found, position) = await Find(
            by, question, await Span(question, by.Zone, ct), lens, from is null ? least : queries.Token(from.Position), before, question.Page.Limit + 1, ct);
        // Events stay as they are: pages that follow show the position of the first by looking further back.
        var shown = from?.Position ?? position;
        var next = found.Count > question.Page.Limit
            ? cursors.Write(new Cursor(shown, [found[question.Page.Limit - 1].Position.ToString(CultureInfo.InvariantCulture)]), bound)
            : null;
        return new PageOf<AuditEntry>(await Tell(by, [.. found.Take(question.Page.Limit)], language, ct), next, shown);
    }

    /// <summary>All that is asked for, page by page; what is recorded meanwhile is not in it. What cannot be asked is refused before the first of it.</summary>
    public async Task<IAsyncEnumerable<AuditEntry>> All(
        Caller by, AuditQuestion question, Lens lens, PositionToken? least, string language, CancellationToken ct)
    {
        var span = await Span(question, by.Zone, ct);
        var (first, _) = await Find(by, question, span, lens, least, long.MaxValue, ExportPage, ct);
        return Pages(ct);

        async IAsyncEnumerable<AuditEntry> Pages([EnumeratorCancellation] CancellationToken stop)
        {
            for (var found = first; ;)
            {
                foreach (var entry in await Tell(by, found, language, stop))
                {
                    yield return entry;
                }

                if (found.Count < ExportPage)
                {
                    yield break;
                }

                // What takes long must not outlive the right to it.
                await door.MustStill(by, Functions.AuditRead, stop);
                (found, _) = await Find(by, question, span, lens, least, before: found[^1].Position, ExportPage, stop);
            }
        }
    }

    // Between which positions lies what was recorded in the time asked for: after the first, up to the second.
    private async Task<(long After, long UpTo)> Span(AuditQuestion question, DateTimeZone zone, CancellationToken ct)
    {
        Queries.MustFollow("from", question.From, "to", question.To, zone);
        Queries.MustFollow("occurredFrom", question.OccurredFrom, "occurredTo", question.OccurredTo, zone);
        return (await queries.PositionBefore(question.From, zone, ct) ?? 0, await queries.PositionBefore(question.To, zone, ct) ?? long.MaxValue);
    }

    private async Task<(IReadOnlyList<(Guid Subject, long Position)> Found, long Position)> Find(
        Caller by, AuditQuestion question, (long After, long UpTo) span, Lens lens, PositionToken? least, long before, int limit, CancellationToken ct)
    {
        return await queries.Read(by.Tenant, by.Sight.Owners is null ? [Catalog.AuditTrail] : Owned, lens, least, async (connection, known) =>
        {
            await using var command = new NpgsqlCommand { Connection = connection };
            List<string> conditions =
            [
                $"tenant_id = {command.Parameter(by.Tenant)}", $"position < {command.Parameter(before)}", $"position > {command.Parameter(span.After)}",
                $"position <= {command.Parameter(Math.Min(span.UpTo, known))}"
            ];
            conditions.Add($"subject = any({command.Parameter(SubjectSight.Readable(by).ToArray())})");
            if (by.Sight.Owners is { } owners)
            {
                conditions.Add($"(subject = any({command.Parameter(SubjectSight.Unowned.ToArray())}) or {SubjectSight.IsOwn(owners, "subject_id", value => command.Parameter(value))})");
            }

            Equal("actor", question.Actor);
            Equal("source", question.Source);
            Equal("subject", question.Subject is { } subject ? Http.Shapes.ChoiceShape.Spell(subject.ToString()) : null);
            Equal("subject_id", question.SubjectId);
            if (question.Kinds.Count > 0)
            {
                conditions.Add($"kind = any({command.Parameter(question.Kinds.ToArray())})");
            }

            if (lens.AsOf is { } asOf)
            {
                conditions.Add($"occurred_at < {command.Parameter(asOf)}");
            }

            if (question.OccurredFrom is { } occurredFrom)
            {
                conditions.Add($"occurred_at >= {command.Parameter(occurredFrom.In(by.Zone))}");
            }

            if (question.OccurredTo is { } occurredTo)
            {
                conditions.Add($"occurred_at < {command.Parameter(occurredTo.In(by.Zone))}");
            }

            command.CommandText = $"select subject_id, position from {Table} where {string.Join(" and ", conditions)} order by position desc limit {command.Parameter(limit)}";
            var rows = new List<(Guid, long)>();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                rows.Add((reader.GetGuid(0), reader.GetInt64(1)));
            }

            return (IReadOnlyList<(Guid, long)>)rows;

            void Equal(string column, object? value)
            {
                if (value is not null)
                {
                    conditions.Add($"{column} = {command.Parameter(value)}");
                }
            }
        }, ct);
    }

    private async Task<IReadOnlyList<AuditEntry>> Tell(Caller by, IReadOnlyList<(Guid Subject, long Position)> found, string language, CancellationToken ct)
    {
        if (found.Count == 0)
        {
            return [];
        }

        var streams = await store.ReadStreams(by.Tenant, [.. found.Select(f => f.Subject).Distinct()], upTo: found[0].Position, ct);
        var wanted = found.Select(f => f.Position).ToHashSet();
        var entries = new List<AuditEntry>();
        foreach (var stream in streams.Values)
        {
            entries.AddRange(await telling.Tell(stream, e => wanted.Contains(e.Position), by, language, ct));
        }

        // Those of a stream that was archived meanwhile are passed over, as everywhere.
        return [.. entries.OrderByDescending(entry => entry.Position)];
    }

    // Everything that decides which events there are.
    private static string Bound(Caller by, AuditQuestion question, Lens lens)
    {
        return JsonSerializer.Serialize((object?[])
        [
            "audit", by.Tenant, lens.AsOf, lens.KnownAt, question.Actor, question.Subject, question.SubjectId, question.Kinds, question.Source,
            Instant(question.From), Instant(question.To), Instant(question.OccurredFrom), Instant(question.OccurredTo)
        ]);

        DateTimeOffset? Instant(Moment? moment) => moment?.In(by.Zone);
    }
}
