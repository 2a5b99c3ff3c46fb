using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Conditions;
using Crm.Projections.Tasks;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Tasks;

/// <summary>Counts tasks by whose they are: each figure is the number of those that the list shows for the same question.</summary>
public sealed class TaskBoard(Queries queries, TimeProvider clock)
{
    public async Task<BoardAnswer> Of(Caller by, BoardQuestion question, Lens lens, PositionToken? least, CancellationToken ct)
    {
        var list = TaskAnswer.List;
        var moment = lens.AsOf ?? lens.KnownAt ?? clock.GetUtcNow();
        var (today, week, since) = BoardTimes.Of(moment, by.Zone);
        IReadOnlyList<Condition> counted =
            [TaskIs.Open, TaskIs.Overdue(moment), TaskIs.DueWithin(today.From, today.To), TaskIs.DueWithin(week.From, week.To),
                TaskIs.DoneSince(since)];
        var filters = question.Filters.Where(f => f.Value is not null)
            .Select(f => new Condition.Test(list.Fields[f.Field].Field, Operator.Eq, [f.Value!]));
        var wanted = new Wanted(new Condition.All([new Condition.Any([TaskIs.Open, TaskIs.DoneSince(since)]), .. filters]));

        var (cells, position) = await queries.Read(by.Tenant, list.Model, lens, least, (connection, known) =>
            new ListView<TaskList.Row>(list, list.Rows, by, new Seen(lens, known, IsPinned: false), connection)
                .Counts(wanted, [.. question.Groups.Select(group => list.Fields[group])], counted, ct), ct);

        var all = Enumerable.Range(0, counted.Count).Select(i => cells.Sum(cell => cell.Counts[i]));
        var groups = cells.OrderBy(cell => new GroupKey(cell.Group)).Select(cell =>
            new BoardGroup(question.Groups.Zip(cell.Group).ToDictionary(part => part.First, part => part.Second), Figures(cell.Counts)));
        return new BoardAnswer(
            lens.AsOf, lens.KnownAt, moment, position, list.Model.Version, today, week, since, Figures([.. all]),
            question.Groups.Count == 0 ? [] : [.. groups]);
    }

    private static TaskCounts Figures(IReadOnlyList<long> counts) => new(counts[0], counts[1], counts[2], counts[3], counts[4]);
}
