using System.Globalization;
using System.Net;
using Crm.Domain.Forms;

namespace Crm.Api.Forms;

/// <summary>A form as the plainest page that works without script.</summary>
internal static class FormPage
{
    public static string Of(FormDescription form) => $"""
        <!doctype html>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>{Encoded(form.Name)}</title>
        <h1>{Encoded(form.Name)}</h1>
        <form method="post">
        {string.Join('\n', form.Fields.Select(Field))}
        <p hidden><input name="{Encoded(form.Honeypot)}" tabindex="-1" autocomplete="off"></p>
        <p><button>OK</button></p>
        </form>
        """;

    private static string Field(FormFieldAnswer field)
    {
        var hint = field.Hint is { } text ? $"<br><small>{Encoded(text)}</small>" : "";
        return $"<p><label>{Encoded(field.Label)}{(field.Required ? " *" : "")}<br>{Input(field)}</label>{hint}</p>";
    }

    private static string Input(FormFieldAnswer field)
    {
        var common = $"name=\"{Encoded(field.Name)}\"{(field.Required ? " required" : "")}";
        var length = field.MaxLength is { } most ? string.Create(CultureInfo.InvariantCulture, $" maxlength=\"{most}\"") : "";
        return field.Type switch
        {
            FormFieldKind.LongText => $"<textarea {common}{length}></textarea>",
            FormFieldKind.Choice => Select(common, field.Choices),
            FormFieldKind.Boolean => Select(common, ["true", "false"]),
            FormFieldKind.Number => $"<input {common} inputmode=\"decimal\">",
            FormFieldKind.Date => $"<input {common} type=\"date\">",
            FormFieldKind.Email => $"<input {common}{length} type=\"email\">",
            FormFieldKind.Phone => $"<input {common}{length} type=\"tel\">",
            _ => $"<input {common}{length}>"
        };
    }

    private static string Select(string common, IReadOnlyList<string> choices) =>
        $"<select {common}><option></option>{string.Concat(choices.Select(choice => $"<option>{Encoded(choice)}</option>"))}</select>";

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
