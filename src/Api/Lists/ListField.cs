using Crm.Domain.Conditions;
using Crm.EventModel;

namespace Crm.Api.Lists;

/// <summary>A field of a listed record: what it is called, and where it stands.</summary>
/// <param name="Member">The member of an answer that shows it; who may not see that may not ask about it either.</param>
public sealed record ListField(Field Field, RowColumn Column, string Member)
{
    public string Name => Field.Name;

    /// <summary>What is sorted and compared in SQL: texts by code points, whatever the database's locale.</summary>
    public string Sql => Field.Kind == FieldKind.Text ? $"r.{Column.Name} collate \"C\"" : $"r.{Column.Name}";

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
