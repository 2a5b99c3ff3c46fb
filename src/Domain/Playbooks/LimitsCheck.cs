using Crm.Domain.Access;
using Crm.Domain.Calendars;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against the limits of stages, and the tasks that they make: spans that say nothing or never go by, and limits of
/// which nothing comes.</summary>
internal sealed class LimitsCheck
{
    private static readonly DateTimeOffset AnyTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<PlaybookFault> faults = [];
    private readonly PlaybookDocument document;
    private readonly IZones zones;
    private readonly Organisation? people;

    private LimitsCheck(PlaybookDocument document, IZones zones, Organisation? people) =>
        (this.document, this.zones, this.people) = (document, zones, people);

    /// <param name="people">Whoever there is; null where that is not known.</param>
    /// <param name="isFaulty">Whether the document has other faults; then nothing is counted by its calendars.</param>
    public static IReadOnlyList<PlaybookFault> Of(PlaybookDocument document, IZones zones, Organisation? people, bool isFaulty)
    {
        var check = new LimitsCheck(document, zones, people);
        foreach (var (p, pipeline) in (document.Pipelines ?? []).Index())
        {
            foreach (var (s, stage) in pipeline.Stages.Index())
            {
                check.Limits($"/pipelines/{p}/stages/{s}/limits", stage.Limits ?? [], isFaulty);
                foreach (var (i, action) in (stage.OnEntry ?? []).Index())
                {
                    check.Task($"/pipelines/{p}/stages/{s}/onEntry/{i}/task", action.Task, isFaulty);
                }
            }
        }

        return check.faults;
    }

    /// <summary>What stands against a span elsewhere in a document; none where there is no span.</summary>
    /// <param name="isFaulty">As in <see cref="Of"/>.</param>
    public static IReadOnlyList<PlaybookFault> OfSpan(string at, SpanSection? span, PlaybookDocument document, IZones zones, bool isFaulty)
    {
        var check = new LimitsCheck(document, zones, people: null);
        check.Span(at, span, isFaulty);
        return check.faults;
    }

    private void Limits(string at, IReadOnlyList<LimitSection> limits, bool isFaulty)
    {
        faults.AddRange(PlaybookFault.Twice(at, limits.Select(limit => limit.Key)));
        foreach (var (i, limit) in limits.Index())
        {
            var place = $"{at}/{i}";
            if (limit.Key == MarkOpportunity.EvidenceGone)
            {
                Wrong($"{place}/key", "playbook.key-reserved",
                    $"'{limit.Key}' marks opportunities whose evidence is gone; name this limit otherwise.");
            }

            if (limit is { Mark: false, Task: null, EscalateAfter: null, Alert: null or { Count: 0 } })
            {
                Wrong(place, "playbook.limit-does-nothing", "Nothing comes of this limit: have it mark, make a task, or tell somebody.");
            }

            Span($"{place}/after", limit.After, isFaulty);
            Span($"{place}/escalateAfter", limit.EscalateAfter, isFaulty);
            Task($"{place}/task", limit.Task, isFaulty);
        }
    }

    private void Task(string at, CareTaskSection? task, bool isFaulty)
    {
        if (task is null)
        {
            return;
        }

        Span($"{at}/due", task.Due, isFaulty);
        if (((object?[])[task.For, task.Role, task.Team]).Count(one => one is not null) > 1)
        {
            Wrong(at, "playbook.task-for", "A task is for whom 'for' names, for somebody in a role, or for a team: one of them.");
        }

        if (task.Role is { } role && people?.Roles.ContainsKey(role) == false)
        {
            Wrong($"{at}/role", "playbook.role-unknown", $"There is no role '{role}', so nobody can be in it.");
        }

        if (task.Team is { } team && people?.Teams.ContainsKey(team) == false)
        {
            Wrong($"{at}/team", "playbook.team-unknown", $"There is no team '{team}'.");
        }
    }

    private void Span(string at, SpanSection? span, bool isFaulty)
    {
        if (span is null)
        {
            return;
        }

        if (((int?[])[span.Days, span.Workdays, span.Hours]).Count(one => one is not null) != 1)
        {
            Wrong(at, "playbook.span", "A span is so many days, workdays or hours: one of them.");
        }
        else if (span.Workdays is not null && span.Calendar is null)
        {
            Wrong($"{at}/calendar", "playbook.span", "Workdays are counted by a calendar; name one.");
        }
        else if (span is { Days: not null, Calendar: not null })
        {
            Wrong($"{at}/calendar", "playbook.span", "Days are 24 hours each, whatever the calendar; say workdays, or leave it out.");
        }
        else if (span.Calendar is { } key)
        {
            Counted(at, span, key, isFaulty);
        }
    }

    private void Counted(string at, SpanSection span, string key, bool isFaulty)
    {
        if (document.Calendars?.FirstOrDefault(one => one.Key == key) is not { } calendar)
        {
            Wrong($"{at}/calendar", "playbook.calendar-unknown", $"There is no calendar '{key}' in this document.");
        }
        else if (!isFaulty && StagePolicy.After(calendar.Made(zones), AnyTime, span) is null)
        {
            Wrong(at, "playbook.span-too-long", "By this calendar so much time goes by only after more than two years; "
                + "nothing would ever be due.");
        }
    }

    private void Wrong(string pointer, string code, string message) => faults.Add(new(pointer, code, message));
}
