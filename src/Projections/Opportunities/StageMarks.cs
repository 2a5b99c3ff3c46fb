using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Opportunities;

namespace Crm.Projections.Opportunities;

/// <summary>How an opportunity is marked, in its row.</summary>
internal static class StageMarks
{
    /// <param name="before">Before the fact; null where it is the first.</param>
    /// <param name="told">With all else that it says.</param>
    public static OpportunityList.Row After(OpportunityList.Row? before, OpportunityList.Row told, IOpportunityEvent fact,
        DateTimeOffset at)
    {
        var was = before is null ? StageClock.None : Clock(before);
        var clock = StageClock.Evolve(was, fact, at);
        if (Same(was, clock))
        {
            return told;
        }

        var red = clock.Marks.Values.Where(mark => mark.IsRed).ToList();
        return told with
        {
            JudgedBy = clock.Playbook,
            JudgedSince = clock.Since,
            SilentSince = clock.SilentSince,
            Overruns = ReferenceEquals(was.Marks, clock.Marks) ? told.Overruns : [.. clock.Marks.Values.Select(Write)],
            Marks = [.. red.Select(mark => mark.Limit)],
            MarkedSince = red.Count == 0 ? null : red.Min(mark => mark.At)
        };
    }

    // Most have neither limits nor marks.
    private static bool Same(StageClock was, StageClock clock) => ReferenceEquals(was.Marks, clock.Marks)
        && (was.Playbook, was.Since, was.SilentSince) == (clock.Playbook, clock.Since, clock.SilentSince);

    private static StageClock Clock(OpportunityList.Row row) => StageClock.None with
    {
        Stage = row.Stage,
        Outcome = row.Status switch
        {
            OpportunityStatus.Won => OpportunityOutcome.Won,
            OpportunityStatus.Lost => OpportunityOutcome.Lost,
            _ => OpportunityOutcome.Open
        },
        IsFlagged = row.Flag is not null,
        Playbook = row.JudgedBy,
        Since = row.JudgedSince,
        SilentSince = row.SilentSince,
        Marks = row.Overruns.Count == 0 ? StageClock.None.Marks : row.Overruns.Select(Read).ToImmutableSortedDictionary(
            mark => mark.Limit, mark => mark, StringComparer.Ordinal)
    };

    private static string Write(StageMark mark) => string.Create(
        CultureInfo.InvariantCulture, $"{mark.Of} {mark.At.UtcDateTime:O} {(mark.IsRed ? "red" : "untold")} {mark.Limit}");

    private static StageMark Read(string overrun)
    {
        var parts = overrun.Split(' ', 4);
        return new(parts[3], Enum.Parse<MarkOf>(parts[0]), DateTimeOffset.Parse(
            parts[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), parts[2] == "red");
    }
}
