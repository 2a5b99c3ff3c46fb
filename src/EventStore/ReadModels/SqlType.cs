using Npgsql;
using NpgsqlTypes;

namespace Crm.EventStore.ReadModels;

/// <summary>How members of rows stand in PostgreSQL.</summary>
/// <param name="Put">Writes a value into a binary copy.</param>
/// <param name="Array">Values, null among them, as one array that can be cast to an array of this type.</param>
internal sealed record SqlType(string Name, Action<NpgsqlBinaryImporter, object> Put, Func<IEnumerable<object?>, Array> Array, Func<object, object> FromDb)
{
    public static SqlType Of(Type type) => type switch
    {
        _ when type == typeof(string) => Text(v => (string)v, v => v),
        _ when type == typeof(Guid) => Value<Guid>("uuid", NpgsqlDbType.Uuid),
        _ when type == typeof(int) => Value<int>("integer", NpgsqlDbType.Integer),
        _ when type == typeof(long) => Value<long>("bigint", NpgsqlDbType.Bigint),
        _ when type == typeof(decimal) => Value<decimal>("numeric", NpgsqlDbType.Numeric),
        _ when type == typeof(bool) => Value<bool>("boolean", NpgsqlDbType.Boolean),
        _ when type == typeof(DateOnly) => Value<DateOnly>("date", NpgsqlDbType.Date) with { FromDb = v => v is DateTime d ? DateOnly.FromDateTime(d) : v },
        _ when type == typeof(DateTimeOffset) => Value("timestamptz", NpgsqlDbType.TimestampTz, v => ((DateTimeOffset)v).ToUniversalTime()) with
        {
            FromDb = v => v is DateTime d ? new DateTimeOffset(DateTime.SpecifyKind(d, DateTimeKind.Utc)) : v
        },
        _ when type.IsEnum => Text(v => Camel(v.ToString()!), v => Enum.Parse(type, (string)v, ignoreCase: true)),
        _ when type == typeof(IReadOnlyList<string>) => new("text[]",
            (copy, v) => copy.Write(((IEnumerable<string>)v).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
            values => values.Select(v => v is null ? null : Literal((IEnumerable<string>)v)).ToArray(), v => (IReadOnlyList<string>)(string[])v),
        _ => throw new InvalidOperationException($"A row cannot hold a {type.Name}.")
    };

    private static SqlType Text(Func<object, string> text, Func<object, object> fromDb) => new(
        "text", (copy, v) => copy.Write(text(v), NpgsqlDbType.Text), values => values.Select(v => v is null ? null : text(v)).ToArray(), fromDb);

    private static SqlType Value<T>(string name, NpgsqlDbType db, Func<object, T>? of = null) where T : struct
    {
        of ??= v => (T)v;
        return new(name, (copy, v) => copy.Write(of(v), db), values => values.Select(v => v is null ? (T?)null : of(v)).ToArray(), v => v);
    }

    // An array of arrays of unequal length there is not: each goes as PostgreSQL spells it.
    private static string Literal(IEnumerable<string> texts) =>
        $"{{{string.Join(',', texts.Select(t => $"\"{t.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}";

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
