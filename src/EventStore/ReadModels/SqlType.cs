using NpgsqlTypes;

namespace Crm.EventStore.ReadModels;

/// <summary>How members of rows stand in PostgreSQL.</summary>
internal sealed record SqlType(string Name, NpgsqlDbType Db, Func<object, object> ToDb, Func<object, object> FromDb)
{
    public static SqlType Of(Type type) => type switch
    {
        _ when type == typeof(string) => Plain("text", NpgsqlDbType.Text),
        _ when type == typeof(Guid) => Plain("uuid", NpgsqlDbType.Uuid),
        _ when type == typeof(int) => Plain("integer", NpgsqlDbType.Integer),
        _ when type == typeof(long) => Plain("bigint", NpgsqlDbType.Bigint),
        _ when type == typeof(decimal) => Plain("numeric", NpgsqlDbType.Numeric),
        _ when type == typeof(bool) => Plain("boolean", NpgsqlDbType.Boolean),
        _ when type == typeof(DateOnly) => new("date", NpgsqlDbType.Date, v => v, v => v is DateTime d ? DateOnly.FromDateTime(d) : v),
        _ when type == typeof(DateTimeOffset) => new("timestamptz", NpgsqlDbType.TimestampTz, v => ((DateTimeOffset)v).ToUniversalTime(),
            v => v is DateTime d ? new DateTimeOffset(DateTime.SpecifyKind(d, DateTimeKind.Utc)) : v),
        _ when type.IsEnum => new("text", NpgsqlDbType.Text, v => Camel(v.ToString()!), v => Enum.Parse(type, (string)v, ignoreCase: true)),
        _ when type == typeof(IReadOnlyList<string>) => new("text[]", NpgsqlDbType.Array | NpgsqlDbType.Text,
            v => ((IEnumerable<string>)v).ToArray(), v => (IReadOnlyList<string>)(string[])v),
        _ => throw new InvalidOperationException($"A row cannot hold a {type.Name}.")
    };

    private static SqlType Plain(string name, NpgsqlDbType db) => new(name, db, v => v, v => v);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
