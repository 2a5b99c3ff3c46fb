using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Domain.Playbooks;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Leads;

/// <summary>Counts leads by level, and how many rose from each to the next and how fast.</summary>
public sealed class LevelFigures(Queries queries, CurrentPlaybook playbooks)
{
    public async Task<LevelsAnswer> Of(Caller by, LevelQuestion question, Lens lens, PositionToken? least, CancellationToken ct)
    {
        Queries.MustFollow("from", question.From, "to", question.To, by.Zone);
        var (from, to) = (question.From?.In(by.Zone), question.To?.In(by.Zone));
        var (lines, position) = await queries.Read(by.Tenant, Catalog.Leads, lens, least, Lines, ct);
        var moment = lens.AsOf ?? lens.KnownAt ?? playbooks.Clock.GetUtcNow();

        // What was dated back to before there were levels is told by those that came last.
        var history = await playbooks.AsKnown(by.Tenant, position, ct);
        var levels = history.At(moment).Document?.Levels ?? history.At(DateTimeOffset.MaxValue).Document?.Levels ?? [];

        var whole = Figures([.. lines.Where(line => line.By is null)], levels);
        var groups = lines.Where(line => line.By is not null).GroupBy(line => line.By!).OrderBy(group => group.Key)
            .Select(group => (By: question.Groups.Zip(group.Key.Values), Figures: Figures([.. group], levels)))
            .Select(group => new LevelGroup(
                group.By.ToDictionary(part => part.First, part => part.Second),
                group.Figures.Levels, group.Figures.AtNone, group.Figures.Steps));
        return new LevelsAnswer(
            lens.AsOf, lens.KnownAt, moment, position, Catalog.Leads.Version, from, to,
            whole.Levels, whole.AtNone, whole.Steps, [.. groups]);

        async Task<IReadOnlyList<Line>> Lines(NpgsqlConnection connection, long known)
        {
            await using var command = new NpgsqlCommand(LevelSql.Of(question.Groups), connection);
            foreach (var value in (object[])[by.Tenant, lens.Until.ToUniversalTime(), known,
                (from ?? DateTimeOffset.MinValue).ToUniversalTime(), (to ?? DateTimeOffset.MaxValue).ToUniversalTime()])
            {
                command.Parameters.AddWithValue(value);
            }

            FigureParameters.Add(command, question.Filters.Select(filter => filter.Value), by.Sight.Owners);
            return await Line.Read(command, question.Groups.Count, ct);
        }
    }

    private static (IReadOnlyList<LevelCount> Levels, long AtNone, IReadOnlyList<LevelStep> Steps) Figures(
        IReadOnlyList<Line> lines, IReadOnlyList<LevelSection> levels)
    {
        var known = levels.Select(level => level.Key).ToList();
        var strangers = lines.Select(line => line.Level).OfType<string>().Except(known).Order(StringComparer.Ordinal);
        var counts = known.Concat(strangers).Select(level =>
            new LevelCount(level, levels.FirstOrDefault(one => one.Key == level)?.Name, Count("at", level)));
        var steps = known.Zip(known.Skip(1)).Select(step => new LevelStep(
            step.First, step.Second, Share.Part(Count("rose", step.First, step.Second), Count("came", step.First)),
            Found("rose", step.First, step.Second)?.Days));
        return ([.. counts], Count("at", null), [.. steps]);

        long Count(string what, string? level, string? other = null) => Found(what, level, other)?.Leads ?? 0;

        Line? Found(string what, string? level, string? other) =>
            lines.SingleOrDefault(line => line.What == what && line.Level == level && line.Other == other);
    }

    /// <param name="By">Null in the figures of all.</param>
    private sealed record Line(GroupKey? By, string What, string? Level, string? Other, long Leads, Stay? Days)
    {
        public static async Task<IReadOnlyList<Line>> Read(NpgsqlCommand command, int dimensions, CancellationToken ct)
        {
            var lines = new List<Line>();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                lines.Add(new Line(
                    reader.GetBoolean(7) ? null : new GroupKey([.. Enumerable.Range(8, dimensions).Select(Text)]),
                    reader.GetString(0), Text(1), Text(2), reader.GetInt64(3),
                    reader.IsDBNull(4) ? null : new Stay(reader.GetDouble(4), reader.GetDouble(5), reader.GetDouble(6))));
            }

            return lines;

            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        }
    }
}
