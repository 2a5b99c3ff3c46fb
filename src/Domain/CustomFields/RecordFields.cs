using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;

namespace Crm.Domain.CustomFields;

/// <summary>The fields that a playbook adds to one kind of record, in their order.</summary>
public sealed class RecordFields
{
    public static readonly RecordFields None = new([]);

    private readonly Dictionary<string, CustomField> byKey;

    private RecordFields(IReadOnlyList<CustomField> all) =>
        (All, byKey) = (all, all.ToDictionary(field => field.Section.Key, StringComparer.Ordinal));

    public IReadOnlyList<CustomField> All { get; }

    /// <param name="document">Null where nothing was published. One that has faults may have a key twice: then the first counts.</param>
    public static RecordFields Of(PlaybookDocument? document, FieldRecord record) => document?.Fields is { Count: > 0 } fields
        ? new([.. fields.Where(field => field.Record == record).DistinctBy(field => field.Key).Select(field => new CustomField(field))])
        : None;

    public CustomField? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>A vocabulary with these fields in it, too.</summary>
    public Vocabulary In(Vocabulary vocabulary) => All.Count == 0 ? vocabulary : vocabulary with
    {
        Fields = vocabulary.Fields.Values.Concat(All.Select(field => field.Field)).ToDictionary(field => field.Name),
        Choices = All.Where(field => field.Section.Type == FieldType.Choice).ToDictionary(field => field.Field.Name, field => field.Section.Choices ?? [])
    };

    /// <summary>Of the values of another kind of record those whose fields are here, too, and take them.</summary>
    public CustomValues? Taking(CustomValues? others) => CustomValues.Of(others?.ByKey.Where(
        value => Find(value.Key)?.Read(new WrittenValue(value.Value, WrittenForm.Word)).Value == value.Value));
}
