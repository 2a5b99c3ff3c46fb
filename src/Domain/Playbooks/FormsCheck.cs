using Crm.Domain.Forms;
using Crm.Domain.Leads;

namespace Crm.Domain.Playbooks;

/// <summary>
/// What stands against the forms of a playbook: what they ask that nobody knows, and whether whoever fills one in can be found again.
/// </summary>
internal static class FormsCheck
{
    public static IEnumerable<PlaybookFault> Of(PlaybookDocument document)
    {
        var forms = document.Forms ?? [];
        IReadOnlyList<string> known = [.. FormDecider.Fields, .. LeadFields.OwnOf(document).All.Select(field => field.Field.Name)];
        return
        [
            .. PlaybookFault.Twice("/forms", forms.Select(form => form.Key)),
            .. forms.SelectMany((form, i) => Of($"/forms/{i}/fields", form.Fields, known))
        ];
    }

    private static IEnumerable<PlaybookFault> Of(string at, IReadOnlyList<FormFieldSection> fields, IReadOnlyList<string> known)
    {
        foreach (var (field, i) in fields.Select((field, i) => (field.Field, i)))
        {
            if (!known.Contains(field))
            {
                yield return new(
                    $"{at}/{i}/field", "playbook.field-unknown", $"Nobody fills in '{field}'; there are {string.Join(", ", known)}.");
            }
            else if (fields.Take(i).Any(before => before.Field == field))
            {
                yield return new($"{at}/{i}/field", "playbook.twice", $"'{field}' is there twice.");
            }
        }

        if (!Asks("phone") && !Asks("email") && !(Asks("company") && Asks("contact")))
        {
            yield return new(
                at, "playbook.form-unreachable",
                "Whoever fills it in cannot be found again: ask for phone or email, or for company and contact.");
        }

        bool Asks(string name) => fields.Any(field => field.Field == name);
    }
}
