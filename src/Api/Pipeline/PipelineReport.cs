using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Opportunities;
using Npgsql;

namespace Crm.Api.Pipeline;

/// <summary>Reads the pipeline's totals, or adds up their changes before a moment, and arranges them as an answer.</summary>
public sealed class PipelineReport(Queries queries, CurrentPlaybook playbooks)
{
    private static readonly ModelTables Tables = ModelTables.Of(Catalog.Pipeline);

    private readonly SharedAnswers<(string Tenant, PipelineQuestion Question), PipelineAnswer> shared = new();

    /// <exception cref="Problem">400: there is no such pipeline.</exception>
    public async Task<PipelineAnswer> Of(Caller by, PipelineQuestion question, Lens lens, PositionToken? least, CancellationToken ct)
    {
        if (lens.Rewound || by.Sight.Owners is not null || queries.Reached(Catalog.Pipeline) is not { } reached)
        {
            return await Work(by, question, lens, least, ct);
        }

        // Many ask for what stands now. Who gives up waiting does not end the work of the others, and who asks for what cannot be holds nobody up.
        await queries.MustHaveBeen(least, [Catalog.Pipeline], ct);
        var position = Math.Max(reached, least?.Position ?? 0);
        return await shared.Get((by.Tenant, question), position,
            () => Work(by, question, lens, position > reached ? queries.Token(position) : null, CancellationToken.None)).WaitAsync(ct);
    }

    private async Task<PipelineAnswer> Work(Caller by, PipelineQuestion question, Lens lens, PositionToken? least, CancellationToken ct)
    {
        var dimensions = question.Groups.Union(["status", "stage", "currency", "pipeline"]).ToList();
        var (cells, position) = await queries.Read(by.Tenant, Catalog.Pipeline, lens, least, (connection, known) =>
            Cells(connection, by, question, dimensions, lens, known, ct), ct);

        var pipelines = (await playbooks.AsKnown(by.Tenant, position, lens.Until, ct)).Pipelines;
        if (question.Pipeline is { } pipeline && !pipelines.ContainsKey(pipeline))
        {
            throw Problem.Invalid([Fault.InQuery("pipeline", Code.NotOneOf, $"There is no such pipeline; there are: {string.Join(", ", pipelines.Keys)}.")]);
        }

        var order = pipelines.Values.SelectMany(p => p.Stages.Select((stage, place) => (Key: (p.Key, stage), place))).ToDictionary(s => s.Key, s => s.place);
        var open = cells.Where(c => c.Status == OpportunityStatus.Open).ToList();
        var stages = open.GroupBy(c => c.Stage)
            .OrderBy(g => g.Min(c => order.GetValueOrDefault((c["pipeline"] ?? "", c.Stage ?? ""), int.MaxValue))).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => StageOf(g.Key, FigureOf([.. g])));

        return new PipelineAnswer(
            lens.AsOf, lens.KnownAt, position, Catalog.Pipeline.Version, FigureOf(open), FigureOf(cells, OpportunityStatus.Won),
            FigureOf(cells, OpportunityStatus.Lost), WinRate(cells), [.. stages], question.Groups.Count == 0 ? [] : Groups(question.Groups, cells));
    }

    private static List<IReadOnlyDictionary<string, object?>> Groups(IReadOnlyList<string> by, IReadOnlyList<Cell> cells)
    {
        var groups = cells.GroupBy(cell => new GroupKey([.. by.Select(dimension => cell[dimension])])).OrderBy(g => g.Key).Select(group =>
        {
            var answer = new Dictionary<string, object?>();
            for (var i = 0; i < by.Count; i++)
            {
                answer[by[i]] = group.Key.Values[i];
            }

            var own = group.ToList();
            answer["open"] = FigureOf(own, OpportunityStatus.Open);
            answer["won"] = FigureOf(own, OpportunityStatus.Won);
            answer["lost"] = FigureOf(own, OpportunityStatus.Lost);
            answer["winRate"] = WinRate(own);
            return answer;
        });
        return [.. groups];
    }

    private static async Task<IReadOnlyList<Cell>> Cells(
        NpgsqlConnection connection, Caller by, PipelineQuestion question, List<string> dimensions, Lens lens, long known, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var filters = question.Filters.Where(f => f.Value is not null).ToList();
        IReadOnlyList<string> own = by.Sight.Owners is null ? [] : ["rep", "team"];
        var totals = lens.Rewound
            ? await new RewoundTotals(Tables, PipelineBoard.Board).Relation(
                command, by.Tenant, [.. dimensions.Union(filters.Select(f => f.Column)).Union(own)], lens.Until, known, ct)
            : $"(select * from {Tables.TotalsTable(PipelineBoard.Board)} where tenant_id = {command.Parameter(by.Tenant)})";
        List<string> conditions = ["true", .. filters.Select(f => $"{f.Column} = {command.Parameter(f.Value!)}")];
        if (by.Sight.Owners is { } owners)
        {
            conditions.Add($"(rep = any({command.Parameter(owners.Reps.ToArray())}) or team = any({command.Parameter(owners.Teams.ToArray())}))");
        }

        var columns = string.Join(", ", dimensions);
        command.CommandText = $"""
            select sum(count)::bigint, sum(amount), {columns} from {totals} t
            where {string.Join(" and ", conditions)}
            group by {columns} having sum(count) <> 0 or sum(amount) <> 0
            """;

        var cells = new List<Cell>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            cells.Add(new Cell(reader.GetInt64(0), reader.GetDecimal(1),
                dimensions.Select((name, i) => (name, Value: reader.IsDBNull(i + 2) ? null : reader.GetString(i + 2))).ToDictionary(d => d.name, d => d.Value)));
        }

        return cells;
    }

    private static Figure FigureOf(IReadOnlyList<Cell> cells, string status) => FigureOf([.. cells.Where(c => c.Status == status)]);

    private static Figure FigureOf(IReadOnlyList<Cell> cells)
    {
        var sums = cells.GroupBy(c => c["currency"]!).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new CurrencyAmount(g.Key, new Money(g.Sum(c => c.Amount), g.Key).ToString())).ToList();
        var count = cells.Sum(c => c.Count);
        return sums switch
        {
            [] => new Figure(0, "0", null, null),
            [var only] => new Figure(count, only.Amount, only.Currency, null),
            _ => new Figure(count, null, null, sums)
        };
    }

    private static StageFigure StageOf(string? stage, Figure f) => new(stage, f.Count, f.Amount, f.Currency, f.Amounts);

    private static double? WinRate(IReadOnlyList<Cell> cells)
    {
        var won = cells.Where(c => c.Status == OpportunityStatus.Won).Sum(c => c.Count);
        var lost = cells.Where(c => c.Status == OpportunityStatus.Lost).Sum(c => c.Count);
        return (double?)new WinRate(won, Paid: 0, Delivered: 0, lost).Of(WonState.Signed);
    }

    private sealed record Cell(long Count, decimal Amount, IReadOnlyDictionary<string, string?> Dimensions)
    {
        public string? this[string dimension] => Dimensions[dimension];

        public string Status => Dimensions["status"]!;

        public string? Stage => Dimensions["stage"];
    }
}
