using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;

namespace Crm.Api.Tasks;

/// <summary>The board of tasks over HTTP.</summary>
public static class BoardEndpoints
{
    public static void MapBoard(this IEndpointRouteBuilder tasks) =>
        tasks.MapGet("/board", async (
            Query<BoardQuestion> query, Caller by, Headers headers, IfNoneMatch held, TaskBoard board, Queries queries,
            CancellationToken ct) =>
        {
            var q = query.Value;
            FigureSight.MustSee(by, ["task"],
                [.. q.Groups.Select(g => ("by", g)), .. q.Filters.Where(f => f.Value is not null).Select(f => (f.Field, f.Field))]);
            var answer = await board.Of(by, q, await queries.Lens(q.Times, by.Zone, ct), headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position, answer.Moment), held);
        })
        .Produces<BoardAnswer>().Needs(Functions.TasksRead).WithName("getTaskBoard")
        .WithSummary("How many tasks are open, overdue, due and done, now or as of any moment");
}

/// <param name="By">Group by these, comma-separated: team, rep, kind.</param>
public sealed record BoardQuestion(Times Times, string? By = null, string? Team = null, string? Rep = null, string? Kind = null) : IChecked
{
    public static readonly IReadOnlyList<string> Dimensions = ["team", "rep", "kind"];

    public IReadOnlyList<string> Groups => By?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    public IReadOnlyList<(string Field, string? Value)> Filters => [("team", Team), ("rep", Rep), ("kind", Kind)];

    public IEnumerable<(string Member, string Code, string Message)> Check() => Grouping.Faults(Groups, Dimensions);
}

/// <summary>A span of time, which holds its beginning and not its end.</summary>
public sealed record SpanAnswer(DateTimeOffset From, DateTimeOffset To);

/// <summary>How many tasks. One may be counted more than once: what is overdue since this morning is due today, too.</summary>
/// <param name="Open">Neither done nor cancelled.</param>
/// <param name="Overdue">Open, and due before the moment that is asked about.</param>
/// <param name="DueToday">Open, and due on that day.</param>
/// <param name="DueThisWeek">Open, and due in that week.</param>
/// <param name="DoneLately">Done in the seven days before that moment.</param>
public sealed record TaskCounts(long Open, long Overdue, long DueToday, long DueThisWeek, long DoneLately);

/// <param name="By">The values of the dimensions asked for.</param>
public sealed record BoardGroup(IReadOnlyDictionary<string, string?> By, TaskCounts Tasks);

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Moment">The moment that is asked about: <c>asOf</c> or <c>knownAt</c>, or else now.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="Today">The day of that moment, where the tenant is.</param>
/// <param name="ThisWeek">Its week, from Monday on.</param>
/// <param name="DoneSince">Seven days before the moment.</param>
/// <param name="Groups">Those in which there is anything to count.</param>
public sealed record BoardAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, DateTimeOffset Moment, long Position, int ReadModelVersion, SpanAnswer Today,
    SpanAnswer ThisWeek, DateTimeOffset DoneSince, TaskCounts Tasks, IReadOnlyList<BoardGroup> Groups);
