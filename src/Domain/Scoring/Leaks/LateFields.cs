using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Scoring.Leaks;

/// <summary>
/// Fields that were filled or changed when the outcome was known already: at its moment or after. Their values in a table are not what a
/// score would have read.
/// </summary>
public static class LateFields
{
    private const int Fewest = 5;
    private const decimal Mostly = 0.5m;
    private const decimal NowAndThen = 0.1m;

    /// <summary>
    /// Left out is a field that was late in half of the leads that have it, or in half of those of one outcome; named is one that was late
    /// in a tenth. None where there are no dates.
    /// </summary>
    public static IReadOnlyList<LeakFinding> Find(ExampleTable table) =>
        table.Dates is { } dates ? [.. table.Columns.Select(column => Find(column.Name, dates, table.Outcomes)).OfType<LeakFinding>()] : [];

    private static LeakFinding? Find(string field, IReadOnlyList<ExampleDates> dates, IReadOnlyList<bool> outcomes)
    {
        var (all, yes, no) = (default(Count), default(Count), default(Count));
        for (var i = 0; i < dates.Count; i++)
        {
            if (dates[i].Fields.TryGetValue(field, out var when))
            {
                var isFilledLate = when.Filled >= dates[i].Outcome;
                var one = new Count(1, isFilledLate ? 1 : 0, isFilledLate || when.Changed >= dates[i].Outcome ? 1 : 0);
                all += one;
                (yes, no) = outcomes[i] ? (yes + one, no) : (yes, no + one);
            }
        }

        var isMostly = new[] { all, yes, no }.Any(count => count.Late >= Fewest && count.Share >= Mostly);
        return isMostly || all.Late >= Fewest && all.Share >= NowAndThen
            ? new(field, isMostly ? LeakKind.Late : LeakKind.SometimesLate, isMostly, all.Late, all.Share, Says(all, yes, no))
            : null;
    }

    private static string Says(Count all, Count yes, Count no) =>
        $"Of {all.Leads} leads that have it, {all.Late} had it filled or changed when the outcome was known " +
        $"({all.FilledLate} for the first time); {yes.Late} of the {yes.Leads} that converted, {no.Late} of the {no.Leads} that did not.";

    private readonly record struct Count(int Leads, int FilledLate, int Late)
    {
        public decimal Share => Leads == 0 ? 0 : decimal.Round((decimal)Late / Leads, 4);

        public static Count operator +(Count a, Count b) => new(a.Leads + b.Leads, a.FilledLate + b.FilledLate, a.Late + b.Late);
    }
}
