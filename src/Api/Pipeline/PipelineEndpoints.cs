using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Projections;

namespace Crm.Api.Pipeline;

/// <summary>The pipeline over HTTP: what was open, won and lost at any moment.</summary>
public static class PipelineEndpoints
{
    public static void MapPipeline(this IEndpointRouteBuilder app) =>
        app.MapGet("/pipeline", async (Query<PipelineQuestion> query, Caller by, Headers headers, IfNoneMatch held, PipelineReport report, Queries queries, CancellationToken ct) =>
        {
            var q = query.Value;
            FigureSight.MustSee(by, ["opportunity"], [.. q.Groups.Select(g => ("by", g)), .. q.Filters.Where(f => f.Value is not null).Select(f => (f.Column, f.Column))]);
            var lens = await queries.Lens(query.Value.Times, by.Zone, ct);
            var answer = await report.Of(by, query.Value, lens, headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(by.Sight.Hides("opportunity", "amount") ? answer.WithoutAmounts() : answer, position, WeakTag.Of(held.Request, by, position), held);
        })
        .Produces<PipelineAnswer>().WithTags("Pipeline").Needs(Functions.PipelineRead).WithName("getPipeline").WithSummary("What is open, won and lost, now or as of any moment");
}

/// <param name="By">Group by these, comma-separated: stage, team, rep, region, product, pipeline, currency, status.</param>
public sealed record PipelineQuestion(
    Times Times, string? By = null, string? Pipeline = null, string? Stage = null, string? Team = null, string? Rep = null, string? Region = null,
    string? Product = null, string? Currency = null) : IChecked
{
    public static readonly IReadOnlyList<string> Dimensions = ["stage", "team", "rep", "region", "product", "pipeline", "currency", "status"];

    public IReadOnlyList<string> Groups => By?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    public IReadOnlyList<(string Column, string? Value)> Filters =>
        [("pipeline", Pipeline), ("stage", Stage), ("team", Team), ("rep", Rep), ("region", Region), ("product", Product), ("currency", Currency)];

    public IEnumerable<(string Member, string Code, string Message)> Check() => Grouping.Faults(Groups, Dimensions);
}

/// <summary>How many, and what they come to.</summary>
/// <param name="Amount">Null when there is more than one currency; then see <paramref name="Amounts"/>.</param>
/// <param name="Amounts">By currency, where there is more than one.</param>
public sealed record Figure(long Count, string? Amount, string? Currency, IReadOnlyList<CurrencyAmount>? Amounts)
{
    public Figure WithoutAmount() => new(Count, Amount: null, Currency: null, Amounts: null);
}

public sealed record CurrencyAmount(string Currency, string Amount);

/// <summary>What is open in a stage.</summary>
public sealed record StageFigure(string? Stage, long Count, string? Amount, string? Currency, IReadOnlyList<CurrencyAmount>? Amounts);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="WinRate">Won / (won + lost), by count, to four places; null while nothing was closed.</param>
public sealed record PipelineAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, Figure Open, Figure Won, Figure Lost, double? WinRate,
    IReadOnlyList<StageFigure> Stages, IReadOnlyList<IReadOnlyDictionary<string, object?>> Groups)
{
    /// <summary>For those from whom amounts are hidden.</summary>
    public PipelineAnswer WithoutAmounts() => this with
    {
        Open = Open.WithoutAmount(),
        Won = Won.WithoutAmount(),
        Lost = Lost.WithoutAmount(),
        Stages = [.. Stages.Select(stage => new StageFigure(stage.Stage, stage.Count, null, null, null))],
        Groups = [.. Groups.Select(group => group.ToDictionary(part => part.Key, part => part.Value is Figure figure ? figure.WithoutAmount() : part.Value))]
    };
}
