using Crm.Domain.CustomFields;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Forms;

/// <summary>What people see to fill in.</summary>
public enum FormFieldKind { Text, LongText, Email, Phone, Number, Date, Boolean, Choice }

/// <summary>Something that a form asks.</summary>
/// <param name="Name">As it is sent: <c>phone</c>, <c>custom.painPoints</c>.</param>
/// <param name="Choices">Of a choice: what can be chosen.</param>
public sealed record AskedField(
    string Name, string Label, FormFieldKind Kind, bool Required, IReadOnlyList<string> Choices, string? Hint = null);

/// <summary>What a form asks, in its order: what the playbook in force says of it, or all that people can fill in.</summary>
/// <param name="Name">What stands above it; null where nothing is said of it.</param>
public sealed record FormLayout(string? Name, IReadOnlyList<AskedField> Fields)
{
    private static readonly IReadOnlyList<string> Sizes = [.. Enum.GetNames<SizeBand>().Select(name => name.ToLowerInvariant())];

    private static readonly FormLayout Plain = new(null, [.. FormDecider.Fields.Select(name => Asked(new(name, name), RecordFields.None))]);

    /// <param name="key">The layout that the form names; null, or one that is not there, for none.</param>
    public static FormLayout Of(PlaybookDocument? document, string? key) => Find(document, key) is { } section
        ? new(section.Name, [.. section.Fields.Select(field => Asked(field, LeadFields.OwnOf(document)))])
        : Plain;

    public static FormSection? Find(PlaybookDocument? document, string? key) => document?.Forms?.FirstOrDefault(form => form.Key == key);

    /// <summary>What is wrong with what somebody sent: what nobody asked for, and what is missing.</summary>
    /// <param name="said">The names of all that is filled in.</param>
    public IReadOnlyList<RuleFault> Faults(IReadOnlyCollection<string> said) => Name is null ? [] :
    [
        .. said.Where(name => Fields.All(field => field.Name != name))
            .Select(name => new RuleFault(PointerOf(name), "form.field-unasked", $"This form does not ask for '{name}'.")),
        .. Fields.Where(field => field.Required && !said.Contains(field.Name))
            .Select(field => new RuleFault(PointerOf(field.Name), "form.field-missing", $"Fill in '{field.Name}' ({field.Label})."))
    ];

    private static string PointerOf(string name) => $"/{name.Replace('.', '/')}";

    private static AskedField Asked(FormFieldSection section, RecordFields own)
    {
        var (kind, choices) = CustomValues.KeyIn(section.Field) is { } key && own.Find(key)?.Section is { } field
            ? (Enum.Parse<FormFieldKind>(field.Type.ToString()), field.Choices ?? [])
            : (KindOf(section.Field), section.Field == "sizeBand" ? Sizes : []);
        return new(section.Field, section.Label, kind, section.Required, choices, section.Hint);
    }

    private static FormFieldKind KindOf(string name) => name switch
    {
        "email" => FormFieldKind.Email,
        "phone" => FormFieldKind.Phone,
        "employees" => FormFieldKind.Number,
        "sizeBand" => FormFieldKind.Choice,
        "message" => FormFieldKind.LongText,
        _ => FormFieldKind.Text
    };
}
