namespace Crm.Domain.Playbooks;

// Stored forever as JSON under these names: add, never rename. What is added has a default, so that older documents stay whole.

/// <summary>How soon those who are asked for help answer.</summary>
/// <param name="AnswerWithinMinutes">From when it came to whoever is asked.</param>
/// <param name="RemindMinutes">When he is reminded, counted likewise; left out, he is not.</param>
/// <param name="Calendar">In whose hours both are counted; left out, in all time there is.</param>
/// <param name="Escalations">How often it goes one further up when nobody answers.</param>
public sealed record HelpSection(
    [Between(1, 525_600)] int AnswerWithinMinutes = 240, [Between(1, 525_600)] int? RemindMinutes = null,
    [Text(40)] string? Calendar = null, [Between(0, 10)] int Escalations = 2)
{
    internal static IEnumerable<PlaybookFault> Faults(PlaybookDocument document)
    {
        if (document.Help is not { } help)
            yield break;

        if (help.Calendar is { } key && document.Calendars?.Any(calendar => calendar.Key == key) != true)
            yield return new("/help/calendar", "playbook.calendar-unknown", $"There is no calendar '{key}' in this document.");
        if (help.RemindMinutes >= help.AnswerWithinMinutes)
            yield return new("/help/remindMinutes", "playbook.reminder-late", "Whoever is to be reminded is reminded before it is due.");
    }
}
