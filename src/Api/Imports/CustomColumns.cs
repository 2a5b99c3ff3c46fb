using Crm.Domain.CustomFields;
using Crm.Domain.Playbooks;

namespace Crm.Api.Imports;

/// <summary>Where values of the fields that the playbook adds to a kind of record come from: the mapping's <c>custom</c>.</summary>
internal sealed class CustomColumns(FieldRecord record, IReadOnlyList<(string Key, Field Field)> columns)
{
    /// <param name="parent">Which has declared <c>custom</c>.</param>
    public static CustomColumns Read(MappingNode parent, FieldReader fields, FieldRecord record)
    {
        if (parent.Find(CustomValues.Member) is not { } node)
        {
            return new(record, []);
        }

        string[] keys = [.. node.Members().Select(member => member.Name)];
        node.With(keys);
        return new(record, [.. keys.Select(key => (key, fields.Find(node, key)!))]);
    }

    /// <summary>Keys that the playbook does not have.</summary>
    public IEnumerable<string> Strange(PlaybookDocument? document)
    {
        var own = RecordFields.Of(document, record);
        return columns.Where(column => own.Find(column.Key) is null)
            .Select(column => $"The playbook adds no field '{column.Key}' to records of the kind {record.ToString().ToLowerInvariant()}; " +
                "publish one that does, or leave it out of the mapping.");
    }

    /// <summary>What a row says, in normal form; what it says otherwise is noted there.</summary>
    public CustomValues? Of(RowReader row) => columns.Count == 0 ? null : CustomValues.Of(
        from column in columns
        let field = row.Reading.OwnFields(record).Find(column.Key)
        let value = field is null ? null : row.Own(column.Field, field)
        where value is not null
        select KeyValuePair.Create(column.Key, value));
}
