using Crm.Domain.Access;
using Crm.Domain.Calendars;
using Crm.Domain.Conditions;
using Crm.Domain.Leads;

namespace Crm.Domain.Playbooks;

/// <summary>What is wrong with a playbook: where, as JSON Pointer into the document, and what would be right.</summary>
public sealed record PlaybookFault(string Pointer, string Code, string Message)
{
    /// <summary>Keys that tell nothing apart, each at its last place.</summary>
    internal static IEnumerable<PlaybookFault> Twice(string at, IEnumerable<string> keys) =>
        keys.Select((key, i) => (Key: key, At: $"{at}/{i}/key")).GroupBy(one => one.Key, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(twice => new PlaybookFault(twice.Last().At, "playbook.twice", $"'{twice.Key}' is there twice."));
}

/// <summary>What stands against a playbook as a whole, once each of its members is right by itself.</summary>
public sealed class PlaybookCheck
{
    private static readonly DateTimeOffset AnyTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<PlaybookFault> faults = [];
    private readonly PlaybookDocument document;
    private readonly IZones zones;
    private readonly Vocabulary vocabulary;

    private PlaybookCheck(PlaybookDocument document, IZones zones) =>
        (this.document, this.zones, vocabulary) = (document, zones, LeadFields.VocabularyOf(document));

    /// <summary>All that is wrong; none where it can be published.</summary>
    /// <param name="people">Whoever there is; null where that is not known.</param>
    public static IReadOnlyList<PlaybookFault> Of(
        PlaybookDocument document, IZones zones, ITemplateLanguage templates, Organisation? people = null)
    {
        var check = new PlaybookCheck(document, zones);
        check.Pipelines();
        check.Calendars();
        check.Reps();
        check.Assignment();
        check.Clocks();
        check.Flags();
        check.Breaker();
        return
        [
            .. check.faults, .. FieldsCheck.Of(document.Fields ?? []), .. FormsCheck.Of(document), .. ScoringCheck.Of(document.Scoring, check.vocabulary),
            .. NurtureCheck.Of(document, templates), .. LevelsCheck.Of(document), .. AlertsCheck.Of(document), .. ApprovalsCheck.Of(document, people),
            .. GatesCheck.Of(document), .. LimitsCheck.Of(document, zones, people, isFaulty: check.faults.Count > 0),
            .. EntryActionsCheck.Of(document), .. ReviewsCheck.Of(document),
            .. document.DecisionChain?.Faults() ?? [], .. CustomersCheck.Of(document), .. VisitsSection.Faults(document.Visits),
            .. HelpSection.Faults(document), .. ComplianceSection.Faults(document.Compliance),
            .. WarningsCheck.Of(document, zones, isFaulty: check.faults.Count > 0),
            .. DailyReportSection.Faults(document.DailyReport),
            .. ForecastSection.Faults(document.Forecast), .. FactorsCheck.Of(document), .. ForecastScheduleSection.Faults(document)
        ];
    }

    private void Pipelines()
    {
        Unique("/pipelines", document.Pipelines, pipeline => pipeline.Key, "key");
        foreach (var (at, pipeline) in Each("/pipelines", document.Pipelines))
        {
            if (PipelineRules.Broken(pipeline.Key, pipeline.Name, [.. pipeline.Stages.Select(stage => stage.Name)]) is var (code, member, message))
            {
                Wrong($"{at}/{member}", code, message);
            }
        }
    }

    private void Calendars()
    {
        Unique("/calendars", document.Calendars, calendar => calendar.Key, "key");
        foreach (var (at, calendar) in Each("/calendars", document.Calendars))
        {
            if (zones.Find(calendar.Zone) is null)
            {
                Wrong($"{at}/zone", "playbook.zone", $"'{calendar.Zone}' is no time zone; name one as Asia/Shanghai.");
            }

            Hours($"{at}/hours", calendar.Hours);
            if (calendar.Workdays.Count == 0 && calendar.ExtraWorkdays is not { Count: > 0 } || calendar.Hours.Count == 0)
            {
                Wrong($"{at}/workdays", "playbook.calendar-never-open", "Nobody is ever at work by this calendar: it needs a workday, with hours.");
            }

            foreach (var day in calendar.Holidays?.Intersect(calendar.ExtraWorkdays ?? []) ?? [])
            {
                Wrong($"{at}/extraWorkdays", "playbook.calendar-day-twice", $"{day:yyyy-MM-dd} is a holiday and an extra workday; it can be one of them.");
            }
        }
    }

    private void Hours(string at, IReadOnlyList<HoursSection> hours)
    {
        TimeOnly? end = TimeOnly.MinValue;
        foreach (var (place, span) in Each(at, hours))
        {
            var (from, to) = (PlaybookTimes.Read(span.From), PlaybookTimes.ReadEnd(span.To));
            if (from is null || to is null)
            {
                Wrong($"{place}/{(from is null ? "from" : "to")}", "playbook.time", "A time of day is written as 09:00.");
            }
            else if (end is null || from < end || (to != TimeOnly.MinValue && to <= from))
            {
                Wrong(place, "playbook.hours", "Hours come in order, each ends after it begins, and none overlaps another.");
            }

            end = to == TimeOnly.MinValue ? null : to ?? end;
        }
    }

    private void Reps()
    {
        var reps = document.Reps ?? [];
        Unique("/reps", reps, rep => rep.Rep, "rep");
        foreach (var (at, rep) in Each("/reps", reps))
        {
            Calendar($"{at}/calendar", rep.Calendar);
            if (rep.Superior is { } superior && reps.All(other => other.Rep != superior))
            {
                Wrong($"{at}/superior", "playbook.rep-unknown", $"'{superior}' is not among the reps.");
            }
            else if (Superiors.Above(reps, rep.Rep).Contains(rep.Rep))
            {
                Wrong($"{at}/superior", "playbook.superior-ring", $"{rep.Rep} would be his own superior, through those above him.");
            }
        }
    }

    private void Assignment()
    {
        if (document.Assignment is not { } assignment)
        {
            return;
        }

        var heldBack = Read("/assignment/heldBack", assignment.HeldBack) ?? new Condition.Any([]);
        if (!Satisfiability.CanHold(new Condition.Not(heldBack)))
        {
            Wrong("/assignment/heldBack", "playbook.always-held-back", "This holds for every lead, so that none would ever be given to anybody.");
        }

        Unique("/assignment/rules", assignment.Rules, rule => rule.Key, "key");
        List<Condition> before = [heldBack];
        foreach (var (at, rule) in Each("/assignment/rules", assignment.Rules))
        {
            Rule(at, rule, before);
        }
    }

    private void Rule(string at, AssignmentRuleSection rule, List<Condition> before)
    {
        var known = faults.Count;
        var when = Read($"{at}/when", rule.When);
        if (faults.Count == known)
        {
            // Only what none before it has taken comes to it.
            Condition rest = new Condition.All([when ?? Condition.Everything, .. before.Select(other => new Condition.Not(other))]);
            if (!Satisfiability.CanHold(rest))
            {
                Wrong($"{at}/when", "playbook.rule-never-fires", when is null || Satisfiability.CanHold(when)
                    ? "Every lead for which this holds is taken by a rule before it, or held back." : "No lead can be so.");
            }

            if (TakesAll(rule))
            {
                before.Add(when ?? Condition.Everything);
            }
        }

        var reps = (document.Reps ?? []).DistinctBy(rep => rep.Rep).ToDictionary(rep => rep.Rep, rep => rep.TakesLeads);
        foreach (var (place, rep) in Each($"{at}/reps", rule.Reps).Where(one => !reps.ContainsKey(one.Item)))
        {
            Wrong(place, "playbook.rep-unknown", $"'{rep}' is not among the reps.");
        }

        if (reps.Count > 0 && !(rule.Reps ?? [.. reps.Keys]).Any(rep => reps.GetValueOrDefault(rep)))
        {
            Wrong($"{at}/reps", "playbook.rule-for-nobody", "Nobody among these takes leads.");
        }
    }

    // What nobody knows whom a rule may choose comes to the rules behind it; one who names nothing knows all.
    private bool TakesAll(AssignmentRuleSection rule) => rule.Match is not { Count: > 0 } match || (document.Reps ?? []).Any(
        rep => rep.TakesLeads && rule.Reps?.Contains(rep.Rep) != false && match.All(what => rep.KnownOf(what) is not { Count: > 0 }));

    private void Clocks()
    {
        if (document.Clocks is not { } clocks)
        {
            return;
        }

        Calendar("/clocks/calendar", clocks.Calendar);
        if (clocks.FirstResponse is { RemindMinutes: { } remind } first && remind >= first.DueMinutes)
        {
            Wrong("/clocks/firstResponse/remindMinutes", "playbook.reminder-late", "Whoever is to be reminded is reminded before it is due.");
        }

        // Calendars that have faults themselves count nothing.
        if (clocks.FirstResponse is { } counted && faults.Count == 0
            && document.Calendars!.First(calendar => calendar.Key == clocks.Calendar).Made(zones).After(AnyTime, TimeSpan.FromMinutes(counted.DueMinutes), counted.Counting) is null)
        {
            Wrong("/clocks/firstResponse/dueMinutes", "playbook.span-too-long", "By this calendar so much time goes by only after more than two years; nothing would ever be due.");
        }
    }

    private void Breaker()
    {
        if (document.AmountBreaker is { Flow: var flow } && document.Approvals?.Any(one => one.Key == flow) != true)
        {
            Wrong("/amountBreaker/flow", "playbook.flow-unknown", $"There is no flow '{flow}' among the approvals of this document.");
        }
    }

    private void Flags()
    {
        Unique("/flags/rules", document.Flags?.Rules, rule => rule.Key, "key");
        List<Condition> before = [];
        foreach (var (at, rule) in Each("/flags/rules", document.Flags?.Rules))
        {
            Flag($"{at}/when", rule, before);
        }
    }

    private void Flag(string at, FlagRuleSection rule, List<Condition> before)
    {
        if (Read(at, rule.When) is not { } when)
        {
            return;
        }

        if (!Satisfiability.CanHold(new Condition.Not(when)))
        {
            Wrong(at, "playbook.always-flagged", "This holds for every lead, so that none would be business any more.");
        }
        else if (!Satisfiability.CanHold(new Condition.All([when, .. before.Select(other => new Condition.Not(other))])))
        {
            Wrong(at, "playbook.rule-never-fires", Satisfiability.CanHold(when)
                ? "Every lead for which this holds is flagged by a rule before it." : "No lead can be so.");
        }

        before.Add(when);
    }

    private void Calendar(string at, string? key)
    {
        if (key is not null && document.Calendars?.Any(calendar => calendar.Key == key) != true)
        {
            Wrong(at, "playbook.calendar-unknown", $"There is no calendar '{key}' in this document.");
        }
    }

    private Condition? Read(string at, UnreadCondition? condition)
    {
        if (condition is null)
        {
            return null;
        }

        faults.AddRange(condition.Faults(at, vocabulary, out var read));
        return read;
    }

    private void Unique<T>(string at, IReadOnlyList<T>? list, Func<T, string> key, string member)
    {
        foreach (var twice in Each(at, list).GroupBy(one => key(one.Item), StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            Wrong($"{twice.Last().At}/{member}", "playbook.twice", $"'{twice.Key}' is there twice.");
        }
    }

    private static IEnumerable<(string At, T Item)> Each<T>(string at, IReadOnlyList<T>? list) => (list ?? []).Select((item, i) => ($"{at}/{i}", item));

    private void Wrong(string pointer, string code, string message) => faults.Add(new(pointer, code, message));
}
