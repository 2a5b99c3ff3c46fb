using Crm.Api.Http;
using Crm.EventModel;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Conversion;

/// <summary>Reads the funnel and arranges it: leads, opportunities, and stage by stage.</summary>
public sealed class ConversionReport(Queries queries, CurrentPlaybook playbooks)
{
    private static readonly IReadOnlyList<ReadModel> Models = [Catalog.Opportunities, Catalog.Leads];

    /// <exception cref="Problem">400: there is no such pipeline.</exception>
    public async Task<ConversionAnswer> Of(Caller by, ConversionQuestion question, Lens lens, PositionToken? least, CancellationToken ct)
    {
        Queries.MustFollow("from", question.From, "to", question.To, by.Zone);
        var (from, to) = (question.From?.In(by.Zone), question.To?.In(by.Zone));
        var stages = await Stages(lens.Position);
        IReadOnlyList<Line> lines;
        long position;
        bool isSettled;
        do
        {
            (lines, position) = await queries.Read(by.Tenant, Models, lens, least, Lines, ct);

            // The order of stages decides what is forward: it must be the one that was in force at the position of the answer.
            (var before, stages) = (stages, await Stages(position));
            isSettled = before.SequenceEqual(stages);
        }
        while (!isSettled);

        var whole = Funnel([.. lines.Where(l => l.By is null)]);
        var groups = lines.Where(l => l.By is not null).GroupBy(l => l.By!).OrderBy(g => g.Key)
            .Select(g => (g.Key, Steps: Funnel([.. g])))
            .Select(g => new ConversionGroup(
                question.Groups.Zip(g.Key.Values).ToDictionary(v => v.First, v => v.Second), g.Steps.Leads, g.Steps.LeadsWon, g.Steps.Opportunities, g.Steps.Stages));
        return new ConversionAnswer(
            lens.AsOf, lens.KnownAt, position, Models.ToDictionary(m => m.Name, m => m.Version), question.Mode, question.Pipeline, from, to,
            whole.Leads, whole.LeadsWon, whole.Opportunities, whole.Stages, [.. groups]);

        async Task<IReadOnlyList<string>> Stages(long? position)
        {
            var pipelines = (await playbooks.AsKnown(by.Tenant, position, lens.Until, ct)).Pipelines;
            return pipelines.TryGetValue(question.Pipeline, out var pipeline)
                ? pipeline.Stages
                : throw Problem.Invalid([Fault.InQuery("pipeline", Code.NotOneOf, $"There is no such pipeline; there are: {string.Join(", ", pipelines.Keys)}.")]);
        }

        async Task<IReadOnlyList<Line>> Lines(NpgsqlConnection connection, long known)
        {
            // What the query makes on its way has no statistics: it must not be gone through row by row.
            await using (var plan = new NpgsqlCommand("set local enable_nestloop = off; set local work_mem = '64MB'", connection))
            {
                await plan.ExecuteNonQueryAsync(ct);
            }

            await using var command = new NpgsqlCommand(ConversionSql.Of(question.Mode, question.Groups, question.Win), connection);
            foreach (var value in (object[])[by.Tenant, lens.Until.ToUniversalTime(), known, question.Pipeline, stages.ToArray(),
                (from ?? DateTimeOffset.MinValue).ToUniversalTime(), (to ?? DateTimeOffset.MaxValue).ToUniversalTime()])
            {
                command.Parameters.AddWithValue(value);
            }

            FigureParameters.Add(command, question.Filters.Select(filter => filter.Value), by.Sight.Owners);
            return await Line.Read(command, question.Groups.Count, ct);
        }

        (Step Leads, Share LeadsWon, Step Opportunities, IReadOnlyList<Step> Stages) Funnel(IReadOnlyList<Line> of)
        {
            var leads = Step("leads", of, step: "leads", stage: null);
            var strangers = of.Where(l => l.Step == "stage").Select(l => l.Stage!).Except(stages).Order(StringComparer.Ordinal);
            var won = leads.Won ?? of.Where(l => l.Step == "leads-won" && l.Reason is null).Sum(l => l.Converted);
            return (leads, new Share(won, leads.Entered, Rate(won, leads.Entered)), Step("opportunities", of, "opportunities", null),
                [.. stages.Concat(strangers).Select(stage => Step(stage, of, "stage", stage))]);
        }

        Step Step(string name, IReadOnlyList<Line> of, string step, string? stage)
        {
            var own = of.Where(l => l.Step == step && l.Stage == stage).ToList();
            var cohort = question.Mode == ConversionMode.Cohort;
            var line = own.SingleOrDefault(l => l.Reason is null) ?? Line.Nothing;
            return new Step(
                name, line.Entered, line.Converted, line.Back, line.Lost, line.Open,
                Rate(line.Converted, cohort ? line.Entered : line.Converted + line.Back + line.Lost),
                cohort ? line.Won : null, cohort ? Rate(line.Won, line.Entered) : null, line.Stay,
                [.. own.Where(l => l.Reason is not null).OrderByDescending(l => l.Lost).ThenBy(l => l.Reason, StringComparer.Ordinal).Select(l => new Loss(l.Reason!, l.Lost))]);
        }
    }

    private static double? Rate(long part, long whole) => whole == 0 ? null : (double)decimal.Round((decimal)part / whole, 4, MidpointRounding.ToEven);

    /// <param name="By">Null in the figures of all.</param>
    /// <param name="Reason">Of the losses for one reason; null in the figures of all.</param>
    private sealed record Line(
        GroupKey? By, string Step, string? Stage, string? Reason, long Entered, long Converted, long Back, long Lost, long Open, long Won, Stay? Stay)
    {
        public static readonly Line Nothing = new(null, "", null, null, 0, 0, 0, 0, 0, 0, null);

        public static async Task<IReadOnlyList<Line>> Read(NpgsqlCommand command, int dimensions, CancellationToken ct)
        {
            var lines = new List<Line>();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                lines.Add(new Line(
                    reader.GetBoolean(12) ? null : new GroupKey([.. Enumerable.Range(13, dimensions).Select(i => Text(i))]), reader.GetString(0), Text(1), Text(2),
                    reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8),
                    reader.IsDBNull(9) ? null : new Stay(reader.GetDouble(9), reader.GetDouble(10), reader.GetDouble(11))));
            }

            return lines;

            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        }
    }
}
