using System.Text.Json.Serialization;
using Crm.Domain.CustomFields;
using Crm.Domain.Forms;

namespace Crm.Api.Forms;

/// <summary>What a form asks, so that a page can be made of it.</summary>
/// <param name="Fields">
/// In their order; each is sent under its name, those that the playbook adds in the object <c>custom</c>, or as <c>custom.painPoints</c>
/// by a page without script.
/// </param>
/// <param name="Honeypot">A field to be hidden from people; what comes with it filled in is thrown away.</param>
public sealed record FormDescription(string Name, IReadOnlyList<FormFieldAnswer> Fields, string Honeypot)
{
    internal static FormDescription Of(FormPublished form, FormLayout layout) =>
        new(layout.Name ?? form.Name, [.. layout.Fields.Select(FormFieldAnswer.Of)], form.Honeypot);
}

/// <param name="Choices">Of a choice: what can be chosen.</param>
/// <param name="MaxLength">In characters; null where it is no text.</param>
public sealed record FormFieldAnswer(
    string Name, string Label, FormFieldKind Type, bool Required, IReadOnlyList<string> Choices, int? MaxLength,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint = null)
{
    internal static FormFieldAnswer Of(AskedField field) =>
        new(field.Name, field.Label, field.Kind, field.Required, field.Choices, MostOf(field), field.Hint);

    private static int? MostOf(AskedField field) => field.Kind switch
    {
        FormFieldKind.LongText => SubmissionRequest.LongestMessage,
        FormFieldKind.Email => SubmissionRequest.LongestEmail,
        FormFieldKind.Phone => SubmissionRequest.LongestPhone,
        FormFieldKind.Text => CustomValues.KeyIn(field.Name) is null ? 200 : CustomField.LongestText,
        _ => null
    };
}
