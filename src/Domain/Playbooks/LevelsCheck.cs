using Crm.Domain.Leads;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against a playbook's levels: evidence that no lead could ever have, and names that tell nothing apart.</summary>
internal static class LevelsCheck
{
    public static IEnumerable<PlaybookFault> Of(PlaybookDocument document) => Of(document.Levels ?? [], LeadFields.OfKnowledge(document));

    private static IEnumerable<PlaybookFault> Of(IReadOnlyList<LevelSection> levels, IReadOnlyList<string> known) =>
    [
        .. PlaybookFault.Twice("/levels", levels.Select(level => level.Key)),
        .. levels.SelectMany((level, i) => PlaybookFault.Twice($"/levels/{i}/evidence", (level.Evidence ?? []).Select(one => one.Key))),
        .. levels.SelectMany((level, i) => (level.Evidence ?? []).SelectMany((one, j) => Of($"/levels/{i}/evidence/{j}", one, known)))
    ];

    private static IEnumerable<PlaybookFault> Of(string at, EvidenceSection evidence, IReadOnlyList<string> known)
    {
        if (((object?[])[evidence.Attachment, evidence.Field, evidence.Touch]).Count(sort => sort is not null) != 1)
        {
            yield return new(
                at, "playbook.evidence-of", "Evidence is an attachment by its label, a field that is known, or a touch: one of the three.");
        }

        if (evidence.Field is { } field && !known.Contains(field))
        {
            yield return new($"{at}/field", "playbook.field-unknown",
                $"A lead has no '{field}' that could be known or not; there are {string.Join(", ", known)}.");
        }

        if (evidence.Touch?.IsAny == true)
        {
            yield return new($"{at}/touch", "playbook.evidence-of", "Say which touch: its kind, its direction, what it came to.");
        }

        if (evidence.Touch?.Near == true)
        {
            yield return new($"{at}/touch/near", "playbook.evidence-of",
                "A lead has no address that somebody could be near to; ask for this at a gate of its opportunity.");
        }
    }
}
