using Crm.Domain.Forecasting;

namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>How often a forecast is run by itself.</summary>
public enum ForecastEvery { Week, Month, Quarter }

/// <summary>A forecast that is run by itself, again and again.</summary>
/// <param name="Key">By which its forecasts are asked for, such as <c>quarter-east</c>. What is to be compared with no other has
/// another key.</param>
/// <param name="Period">For which time: the weeks from that day on, or the month or quarter that it lies in.</param>
/// <param name="Weekday">Of each week: on which day.</param>
/// <param name="Day">Of each month, or of the first month of each quarter: on which day; on its last one where it is shorter.</param>
/// <param name="At">When on that day, in the tenant's zone, such as <c>06:00</c>.</param>
/// <param name="Scope">Whose opportunities; left out, all.</param>
/// <param name="Guard">When it is held back; left out, never.</param>
public sealed record ForecastScheduleSection(
    [Text(40)] string Key, ForecastEvery Every, ForecastPeriod Period, [Between(1, 53)] int Weeks = 13,
    DayOfWeek Weekday = DayOfWeek.Monday, [Between(1, 31)] int Day = 1, [Text(5)] string At = "06:00", ForecastScopeSection? Scope = null,
    ForecastGuardSection? Guard = null)
{
    internal static IEnumerable<PlaybookFault> Faults(PlaybookDocument document)
    {
        var schedules = document.Forecast?.Schedules ?? [];
        foreach (var fault in PlaybookFault.Twice("/forecast/schedules", schedules.Select(schedule => schedule.Key)))
        {
            yield return fault;
        }

        foreach (var (schedule, i) in schedules.Select((schedule, i) => (schedule, i)))
        {
            if (PlaybookTimes.Read(schedule.At) is null)
                yield return new($"/forecast/schedules/{i}/at", "playbook.time", "A time of day is written as 20:00.");
            if (schedule.Guard?.Flow is { } flow && document.Approvals?.Any(one => one.Key == flow) != true)
                yield return new($"/forecast/schedules/{i}/guard/flow", "playbook.flow-unknown",
                    $"There is no flow '{flow}' among the approvals of this document.");
        }
    }
}

/// <summary>Of which opportunities; what is left out is any.</summary>
public sealed record ForecastScopeSection(
    [Text(80)] string? Pipeline = null, [Text(80)] string? Team = null, [Text(80)] string? Rep = null, [Text(80)] string? Region = null,
    [Text(80)] string? Product = null)
{
    internal ForecastScope Scope => new(Pipeline, Team, Rep, Region, Product);
}

/// <summary>When a forecast is held back until somebody has looked at it.</summary>
/// <param name="Percent">Where it moved by more than so many of a hundred since the last one that was accepted, up or down; by exactly
/// so many it is not.</param>
/// <param name="Flow">The key of the approval flow that decides on it.</param>
public sealed record ForecastGuardSection([Between(0, 1000)] int Percent, [Text(40)] string Flow);
