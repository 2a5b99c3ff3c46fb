namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>What those in the field say of their day beside what the log holds of it.</summary>
/// <param name="Ticks">What can be ticked off, in its order.</param>
/// <param name="Photos">How many photos there are to be; left out, none need be.</param>
/// <param name="DueBy">The time of the day by which it is there, in the tenant's zone, such as <c>20:00</c>; left out, none is
/// late.</param>
public sealed record DailyReportSection(
    [Items(100)] IReadOnlyList<DailyTickSection>? Ticks = null, DailyPhotosSection? Photos = null, [Text(5)] string? DueBy = null)
{
    internal static IEnumerable<PlaybookFault> Faults(DailyReportSection? section)
    {
        foreach (var fault in PlaybookFault.Twice("/dailyReport/ticks", (section?.Ticks ?? []).Select(tick => tick.Key)))
        {
            yield return fault;
        }

        if (section?.DueBy is { } time && PlaybookTimes.Read(time) is null)
        {
            yield return new("/dailyReport/dueBy", "playbook.time", "A time of day is written as 20:00.");
        }
    }
}

/// <param name="Key">By which phones name it, such as <c>shelves-checked</c>.</param>
/// <param name="Label">Such as 今日陈列已检查.</param>
public sealed record DailyTickSection([Text(40)] string Key, [Text(80)] string Label);

/// <param name="AtLeast">Those of the day's visits among them.</param>
public sealed record DailyPhotosSection([Between(0, 50)] int AtLeast = 1);
