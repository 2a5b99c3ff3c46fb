using System.Globalization;
using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;

namespace Crm.Domain.CustomFields;

/// <summary>A field that a playbook adds to a kind of record: reads values of it into their normal form.</summary>
public sealed record CustomField(FieldSection Section)
{
    /// <summary>In code points.</summary>
    public const int LongestText = 300;

    /// <summary>As conditions ask for it.</summary>
    public Field Field { get; } = new(CustomValues.Prefix + Section.Key, KindOf(Section.Type));

    public static FieldKind KindOf(FieldType type) => type switch
    {
        FieldType.Number => FieldKind.Number,
        FieldType.Date => FieldKind.Day,
        FieldType.Boolean => FieldKind.Truth,
        _ => FieldKind.Text
    };

    /// <summary>
    /// The value in normal form: a text without white space around it, a number without needless zeros, a day as <c>2026-02-28</c>,
    /// <c>true</c> or <c>false</c>, one of the choices. Otherwise null, with what would be right.
    /// </summary>
    public (string? Value, ConditionError Error, string? Message) Read(WrittenValue written)
    {
        // A number may stand in quotes, as answers give it.
        var value = written.Form == WrittenForm.Text ? written with { Form = WrittenForm.Word } : written;
        var (read, error, _) = Operand.Read(Field, value with { Text = value.Text.Trim() }, _ => default);
        return read switch
        {
            null => (null, error, Wanted),
            string text when text.EnumerateRunes().Count() > LongestText => (null, ConditionError.TooLong, Wanted),
            string text when Section.Type == FieldType.Choice && Section.Choices?.Contains(text) != true =>
                (null, ConditionError.NotOneOf, Wanted),
            decimal number => (number == 0 ? "0" : number.ToString("0.####################", CultureInfo.InvariantCulture), default, null),
            _ => (Operand.Text(read), default, null)
        };
    }

    private string Wanted => Section.Type switch
    {
        FieldType.Number => $"{Section.Name} is a number: digits with at most one point.",
        FieldType.Date => $"{Section.Name} is a day of the calendar, such as 2026-02-28.",
        FieldType.Boolean => $"{Section.Name} is true or false.",
        FieldType.Choice => $"{Section.Name} is one of {string.Join(", ", (Section.Choices ?? []).Select(choice => $"'{choice}'"))}.",
        _ => $"{Section.Name} is text of at most {LongestText} characters, in one line."
    };
}
