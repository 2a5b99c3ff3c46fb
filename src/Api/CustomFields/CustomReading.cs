using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain.CustomFields;

namespace Crm.Api.CustomFields;

/// <summary>What is said of the fields that a playbook adds, held against it.</summary>
/// <param name="Values">In normal form; null where there are none.</param>
/// <param name="Cleared">Members that are taken away, as <c>custom.painPoints</c>.</param>
/// <param name="Faults">All that is wrong; the key, a code of <see cref="Code"/>, and what would be right.</param>
internal sealed record CustomReading(
    CustomValues? Values, IReadOnlyList<string> Cleared, IReadOnlyList<(string Key, string Code, string Message)> Faults)
{
    /// <summary>Of a new record: what is blank is not said, and what is required has to be.</summary>
    /// <param name="known">What need not be said.</param>
    public static CustomReading OfNew(RecordFields fields, CustomSaid said, CustomValues? known = null, bool isHeldToRequired = true)
    {
        var given = said.ByKey.Where(one => one.Value is { } value && !string.IsNullOrWhiteSpace(value.Text)).ToDictionary();
        var missing = fields.All.Where(
            field => field.Section.Required && !given.ContainsKey(field.Section.Key) && known?[field.Section.Key] is null);
        return Of(fields, new CustomSaid(given), known: null, isHeldToRequired ? missing : []);
    }

    /// <summary>Of a record that there is: a field that the playbook has no more can be taken away.</summary>
    public static CustomReading OfChange(RecordFields fields, CustomSaid said, CustomValues? known)
    {
        var taken = said.ByKey.Where(one => one.Value is null).Select(one => fields.Find(one.Key)).OfType<CustomField>();
        return Of(fields, said, known, taken.Where(field => field.Section.Required));
    }

    private static CustomReading Of(RecordFields fields, CustomSaid said, CustomValues? known, IEnumerable<CustomField> missing)
    {
        var (values, cleared) = (new Dictionary<string, string>(), new List<string>());
        List<(string, string, string)> faults = [.. missing.Select(Missing)];
        foreach (var (key, value) in said.ByKey)
        {
            var field = fields.Find(key);
            if (value is null && (field is not null || known?[key] is not null))
            {
                cleared.Add(CustomValues.Prefix + key);
            }
            else if (field is null)
            {
                var hint = Nearest.Hint(key, fields.All.Select(one => one.Section.Key));
                faults.Add((key, Code.UnknownMember, $"There is no field '{CustomValues.Prefix}{key}' here.{hint}"));
            }
            else if (string.IsNullOrWhiteSpace(value!.Text))
            {
                faults.Add((key, Code.BadText, "Send a text, or null to clear it."));
            }
            else if (field.Read(value) is { Value: { } read })
            {
                values[key] = read;
            }
            else
            {
                var (_, error, message) = field.Read(value);
                faults.Add((key, ChoiceShape.Spell(error.ToString()), $"{CustomValues.Prefix}{key}: {message}"));
            }
        }

        return new(CustomValues.Of(values), cleared, faults);
    }

    private static (string, string, string) Missing(CustomField field) =>
        (field.Section.Key, Code.Missing, $"{CustomValues.Prefix}{field.Section.Key} ({field.Section.Name}) is required.");
}
