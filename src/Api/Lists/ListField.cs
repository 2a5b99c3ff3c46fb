using System.Globalization;
using Crm.Domain.Conditions;
using Crm.Domain.CustomFields;
using Crm.EventModel;

namespace Crm.Api.Lists;

/// <summary>A field of a listed record: what it is called, and where it stands.</summary>
/// <param name="Column">Of a field that the playbook adds, that which holds all of these.</param>
/// <param name="Member">The member of an answer that shows it; who may not see that may not ask about it either.</param>
public sealed record ListField(Field Field, RowColumn Column, string Member)
{
    public string Name => Field.Name;

    public bool IsNullable => Key is not null || Column.IsNullable;

    /// <summary>What is sorted and compared in SQL: texts by code points, whatever the database's locale.</summary>
    public string Sql => Key is not null ? OwnSql : Field.Kind == FieldKind.Text ? $"r.{Column.Name} collate \"C\"" : $"r.{Column.Name}";

    private string? Key => CustomValues.KeyIn(Name);

    // What meant something else when it was written is not known. Days in normal form are in the order of their texts.
    private string OwnSql => (Field.Kind, $"(r.{Column.Name} ->> '{Key!.Replace("'", "''", StringComparison.Ordinal)}')") switch
    {
        (FieldKind.Number, var text) => $"(case when {text} ~ '^-?[0-9]{{1,28}}([.][0-9]{{1,20}})?$' then {text}::numeric end)",
        (FieldKind.Truth, var text) => $"(case {text} when 'true' then true when 'false' then false end)",
        (FieldKind.Day, var text) => $"(case when {text} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' then {text} end) collate \"C\"",
        (_, var text) => $"{text} collate \"C\""
    };

    /// <summary>The value of a row; null where it is not known.</summary>
    public object? Of(object row) => Key is not { } key
        ? Column.Get(row)
        : (Column.Get(row) as IReadOnlyDictionary<string, string>)?.GetValueOrDefault(key) is { } text
            ? Operand.Read(Field, new WrittenValue(text, WrittenForm.Word), _ => default).Value
            : null;

    /// <summary>A value as it is compared with <see cref="Sql"/>.</summary>
    public object InSql(object value) =>
        Key is not null && value is DateOnly day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : value;

    /// <summary>Whether a column holds all fields that the playbook adds.</summary>
    public static bool HoldsOwn(RowColumn column) => column.Type == typeof(IReadOnlyDictionary<string, string>);

    public static FieldKind KindOf(Type type) =>
        type == typeof(string) ? FieldKind.Text
        : type == typeof(int) || type == typeof(long) ? FieldKind.Number
        : type == typeof(decimal) ? FieldKind.Amount
        : type == typeof(DateTimeOffset) ? FieldKind.Instant
        : type == typeof(DateOnly) ? FieldKind.Day
        : type == typeof(bool) ? FieldKind.Truth
        : type == typeof(Guid) ? FieldKind.Id
        : type == typeof(IReadOnlyList<string>) ? FieldKind.Texts
        : throw new NotSupportedException($"Nobody can ask about a {type.Name}.");
}
