using Crm.Api.Access;
using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.EventModel;
using Crm.EventStore;
using Crm.Projections;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Api.Activities;

/// <summary>Counts what was done in a span of time, and puts groups in order.</summary>
public sealed class ActivityReport(Queries queries, Store store)
{
    public async Task<ActivityAnswer> Of(Caller by, ActivityQuestion question, Lens lens, PositionToken? least, CancellationToken ct)
    {
        Queries.MustFollow("from", question.From, "to", question.To, by.Zone);
        var (from, to) = (question.From?.In(by.Zone), question.To?.In(by.Zone));
        var (lines, position) = await queries.Read(by.Tenant, Catalog.Activity, lens, least, Lines, ct);

        var groups = lines.Where(line => line.By is not null).OrderBy(line => line.By);
        var ordered = question is { Sort: null, Top: null } ? groups : groups.OrderByDescending(line => line.Figures.Of(question.Sort ?? ActivityMeasure.Touches)).ThenBy(line => line.By);
        return new ActivityAnswer(
            lens.AsOf, lens.KnownAt, position, Catalog.Activity.Version, from, to, lines.Single(line => line.By is null).Figures,
            [.. ordered.Take(question.Top ?? int.MaxValue).Select(line => new ActivityGroup(question.Groups.Zip(line.By!.Values).ToDictionary(part => part.First, part => part.Second), line.Figures))]);

        async Task<IReadOnlyList<(GroupKey? By, ActivityFigures Figures)>> Lines(NpgsqlConnection connection, long known)
        {
            var people = await People(by.Tenant, known, ct);
            await using var command = new NpgsqlCommand(ActivitySql.Of(question.Groups), connection);
            foreach (var value in (object[])[by.Tenant, (from ?? DateTimeOffset.MinValue).ToUniversalTime(), Earlier(to, lens.Until).ToUniversalTime(), known,
                people.Select(one => one.Key).ToArray(), by.Zone.Id])
            {
                command.Parameters.AddWithValue(value);
            }

            IEnumerable<object?> optional =
            [
                people.Select(one => one.Value.Rep ?? one.Key).ToArray(), people.Select(one => one.Value.Team).ToArray(), by.Sight.Owners?.Reps.ToArray(), by.Sight.Owners?.Teams.ToArray()
            ];
            foreach (var texts in optional)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = texts ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            }

            foreach (var (_, value) in question.Filters)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            }

            return await Read(command, question.Groups.Count, ct);
        }
    }

    // Members who are people, as was known at the position: what they say by the API they did themselves.
    private async Task<IReadOnlyList<KeyValuePair<string, Member>>> People(string tenant, long known, CancellationToken ct) =>
    [
        .. FoldOrder.Of(await store.ReadStream(tenant, Organisations.StreamOf(tenant), new ReadBound(Position: known), ct), store.Types)
            .Select(fact => fact.Data).OfType<IAccessEvent>().Aggregate(Organisation.None, Organisation.Evolve).Members.Where(member => member.Value.Kind == MemberKind.Person)
    ];

    private static async Task<IReadOnlyList<(GroupKey? By, ActivityFigures Figures)>> Read(NpgsqlCommand command, int dimensions, CancellationToken ct)
    {
        var lines = new List<(GroupKey?, ActivityFigures)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var kinds = ActivitySql.Kinds.Select((kind, i) => KeyValuePair.Create(kind, reader.GetInt64(ActivitySql.FirstKind + i))).Where(kind => kind.Value > 0);
            var (inTime, missed) = (reader.GetInt64(6), reader.GetInt64(7));
            var figures = new ActivityFigures(
                reader.GetInt64(1), kinds.ToDictionary(), reader.GetInt64(2), (double)decimal.Round(reader.GetInt64(3) / 60m, 2, MidpointRounding.ToEven), reader.GetInt64(4),
                reader.GetInt64(5), new FirstResponses(inTime, missed, Share.Part(inTime, inTime + missed).Rate));
            var first = ActivitySql.FirstKind + ActivitySql.Kinds.Count;
            lines.Add((reader.GetBoolean(0) ? null : new GroupKey([.. Enumerable.Range(first, dimensions).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]), figures));
        }

        return lines;
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;
}
