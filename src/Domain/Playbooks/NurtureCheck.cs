using Crm.Domain.Conditions;
using Crm.Domain.Leads;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against a playbook's templates, and what leads are sent by them.</summary>
internal static class NurtureCheck
{
    private static readonly string[] Bands = ["high", "middle", "low"];

    public static IEnumerable<PlaybookFault> Of(PlaybookDocument document, ITemplateLanguage language) =>
        [.. OfTemplates(document.Templates ?? [], language), .. document.Nurture is { } nurture ? Of(document, nurture) : []];

    private static IEnumerable<PlaybookFault> OfTemplates(IReadOnlyList<TemplateSection> templates, ITemplateLanguage language)
    {
        foreach (var (template, i) in templates.Select((template, i) => (template, i)))
        {
            foreach (var (member, text) in ((string Member, string? Text)[])[("subject", template.Subject), ("text", template.Text), ("html", template.Html)])
            {
                if (text is not null && language.Fault(text) is { } fault)
                {
                    yield return new($"/templates/{i}/{member}", "playbook.template", fault);
                }
            }
        }

        foreach (var fault in PlaybookFault.Twice("/templates", templates.Select(template => template.Key)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<PlaybookFault> Of(PlaybookDocument document, NurtureSection nurture)
    {
        if (nurture.Calendar is { } hours && document.Calendars?.Any(calendar => calendar.Key == hours) != true)
        {
            yield return new("/nurture/calendar", "playbook.calendar-unknown", $"There is no calendar '{hours}' in this document.");
        }

        foreach (var fault in PlaybookFault.Twice("/nurture/sequences", nurture.Sequences.Select(sequence => sequence.Key)))
        {
            yield return fault;
        }

        foreach (var fault in nurture.Sequences.SelectMany((sequence, i) => Of($"/nurture/sequences/{i}", sequence, document)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<PlaybookFault> Of(string at, NurtureSequenceSection sequence, PlaybookDocument document)
    {
        if (sequence.Steps.Count == 0)
        {
            yield return new($"{at}/steps", "playbook.sequence-empty", "A sequence has at least one mail.");
        }

        foreach (var (step, i) in sequence.Steps.Select((step, i) => (step, i)))
        {
            if (document.Templates?.FirstOrDefault(template => template.Key == step.Template) is not { } template)
            {
                yield return new($"{at}/steps/{i}/template", "playbook.template-unknown", $"There is no template '{step.Template}' in this document.");
            }
            else if (!template.Text.Contains("{{unsubscribe}}", StringComparison.Ordinal))
            {
                yield return new($"{at}/steps/{i}/template", "playbook.no-unsubscribe", $"The text of '{step.Template}' does not say where to unsubscribe; put {{{{unsubscribe}}}} into it.");
            }

            if (document.Templates?.FirstOrDefault(template => template.Key == step.Template) is { } used
                && TemplateGaps.Name(used, "opportunity"))
            {
                yield return new($"{at}/steps/{i}/template", "playbook.template-of-other",
                    $"'{step.Template}' has gaps for an opportunity, and here it is filled in for a lead.");
            }

            if (i > 0 && step.AfterDays <= sequence.Steps[i - 1].AfterDays)
            {
                yield return new($"{at}/steps/{i}/afterDays", "playbook.sequence-order", "Each mail goes out on a later day than the one before it.");
            }
        }

        if (sequence.Band is { } band && (!Bands.Contains(band) || document.Scoring?.Bands is null))
        {
            yield return new($"{at}/band", "playbook.bands", $"A band is {string.Join(", ", Bands)}, where the playbook's scoring has bands.");
        }

        if (sequence.When is not { } when)
        {
            yield break;
        }

        var faults = when.Faults($"{at}/when", LeadFields.VocabularyOf(document), out var read);
        foreach (var fault in faults)
        {
            yield return fault;
        }

        if (read is not null && !Satisfiability.CanHold(read))
        {
            yield return new($"{at}/when", "playbook.rule-never-fires", "No lead can be so.");
        }
    }
}
