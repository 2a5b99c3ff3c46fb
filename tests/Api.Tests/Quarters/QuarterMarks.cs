namespace Crm.Api.Tests.Quarters;

/// <summary>Which deals are over a limit of their stage, reckoned by hand.</summary>
internal static class QuarterMarks
{
    private const int MostProbes = 20;

    /// <summary>What is marked at a moment and still is at another, such as <c>D7: slow still</c>, in the order of texts.</summary>
    public static IEnumerable<string> At(PlainQuarter quarter, DateTimeOffset at, DateTimeOffset still) => quarter.Deals
        .Select(deal => (deal.Number, Marks: string.Join(' ', Over(quarter, deal, at).Intersect(Over(quarter, deal, still)))))
        .Where(one => one.Marks.Length > 0)
        .Select(one => $"D{one.Number}: {one.Marks}").Order(StringComparer.Ordinal);

    /// <summary>Deals that go over a limit in a span of time in which nothing else happens to them, by when; a few in the whole quarter.</summary>
    public static IEnumerable<(PlainDeal Deal, DateTimeOffset Due)> Probes(PlainQuarter quarter, DateTimeOffset from, TimeSpan span) =>
        (int)((from - quarter.First) / span) % (PlainQuarter.Days * 2 / MostProbes) != 0 ? [] : quarter.Deals
            .Select(deal => (Deal: deal, Due: DueOf(quarter, deal, from)))
            .Where(one => one.Due > from.AddMinutes(5) && one.Due < from + span - TimeSpan.FromMinutes(5))
            .Select(one => (one.Deal, Due: one.Due!.Value))
            .Where(one => !Over(quarter, one.Deal, from).Any())
            .Where(one => !quarter.Acts.Exists(act => act.Deal == one.Deal && act.At > from && act.At < from + span))
            .OrderBy(one => one.Due).Take(1);

    private static IEnumerable<string> Over(PlainQuarter quarter, PlainDeal deal, DateTimeOffset at)
    {
        if (Stage(deal, at) is not { } stage || deal.Entered[stage] < quarter.Gates)
        {
            yield break;
        }

        var (entered, limits) = (deal.Entered[stage], quarter.Road.Stages[stage]);
        if (limits.Stay is { } most && at > entered.AddDays(most))
        {
            yield return "slow";
        }

        var last = deal.Done.Where(done => done.Stage == stage && done.At <= at).Select(done => done.At).Append(entered).Max();
        if (limits.Silence is { } days && at > last.AddDays(days))
        {
            yield return "still";
        }
    }

    private static DateTimeOffset? DueOf(PlainQuarter quarter, PlainDeal deal, DateTimeOffset at) =>
        Stage(deal, at) is { } stage && quarter.Road.Stages[stage].Stay is { } days && deal.Entered[stage] >= quarter.Gates
            ? deal.Entered[stage].AddDays(days) : null;

    // Where an open deal is; null where it is not.
    private static int? Stage(PlainDeal deal, DateTimeOffset at) =>
        at < deal.Opened || at >= deal.Ended ? null : deal.Entered.FindLastIndex(entered => entered <= at);
}
