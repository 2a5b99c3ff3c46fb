using Crm.Api.Conversion;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Conditions;
using Crm.Projections.Leads;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Leads;

/// <summary>
/// Counts leads that were touched and of which nothing has come since: each figure is the number of those that the list shows for the same
/// question.
/// </summary>
public sealed class SilentLeads(Queries queries, TimeProvider clock)
{
    public async Task<SilenceAnswer> Of(Caller by, SilenceQuestion question, Lens lens, PositionToken? least, CancellationToken ct)
    {
        var list = LeadAnswer.List;
        var moment = lens.AsOf ?? lens.KnownAt ?? clock.GetUtcNow();
        var days = question.Days ?? SilentQuestion.UsualDays;
        var filters = question.Filters.Where(f => f.Value is not null)
            .Select(f => new Condition.Test(list.Fields[f.Field].Field, Operator.Eq, [f.Value!]));
        var wanted = new Wanted(new Condition.All([LeadIs.Touched, .. filters]));

        IReadOnlyList<ListField> fields = [.. question.Groups.Select(group => list.Fields[group])];
        IReadOnlyList<Condition> counted = [LeadIs.Silent(moment, days), LeadIs.Touched];
        var (cells, position) = await queries.Read(by.Tenant, list.Model, lens, least, (connection, known) =>
            new ListView<LeadList.Row>(list, list.Rows, by, new Seen(lens, known, IsPinned: false), connection)
                .Counts(wanted, fields, counted, ct), ct);

        var groups = cells.OrderBy(cell => new GroupKey(cell.Group)).Select(cell => new SilenceGroup(
            question.Groups.Zip(cell.Group).ToDictionary(part => part.First, part => part.Second),
            Share.Part(cell.Counts[0], cell.Counts[1])));
        var whole = Share.Part(cells.Sum(cell => cell.Counts[0]), cells.Sum(cell => cell.Counts[1]));
        return new SilenceAnswer(
            lens.AsOf, lens.KnownAt, moment, position, list.Model.Version, days, whole, question.Groups.Count == 0 ? [] : [.. groups]);
    }
}
