using Npgsql;
using NpgsqlTypes;

namespace Crm.EventStore.ReadModels;

/// <summary>How members of rows stand in PostgreSQL.</summary>
/// <param name="Put">Writes a value into a binary copy.</param>
internal sealed record SqlType(string Name, Action<NpgsqlBinaryImporter, object> Put, Func<object, object> FromDb)
{
    public static SqlType Of(Type type) => type switch
    {
        _ when type == typeof(string) => Plain<string>("text", NpgsqlDbType.Text),
        _ when type == typeof(Guid) => Plain<Guid>("uuid", NpgsqlDbType.Uuid),
        _ when type == typeof(int) => Plain<int>("integer", NpgsqlDbType.Integer),
        _ when type == typeof(long) => Plain<long>("bigint", NpgsqlDbType.Bigint),
        _ when type == typeof(decimal) => Plain<decimal>("numeric", NpgsqlDbType.Numeric),
        _ when type == typeof(bool) => Plain<bool>("boolean", NpgsqlDbType.Boolean),
        _ when type == typeof(DateOnly) => new("date", (copy, v) => copy.Write((DateOnly)v, NpgsqlDbType.Date), v => v is DateTime d ? DateOnly.FromDateTime(d) : v),
        _ when type == typeof(DateTimeOffset) => new("timestamptz", (copy, v) => copy.Write(((DateTimeOffset)v).ToUniversalTime(), NpgsqlDbType.TimestampTz),
            v => v is DateTime d ? new DateTimeOffset(DateTime.SpecifyKind(d, DateTimeKind.Utc)) : v),
        _ when type.IsEnum => new("text", (copy, v) => copy.Write(Camel(v.ToString()!), NpgsqlDbType.Text), v => Enum.Parse(type, (string)v, ignoreCase: true)),
        _ when type == typeof(IReadOnlyList<string>) => new("text[]",
            (copy, v) => copy.Write(((IEnumerable<string>)v).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text), v => (IReadOnlyList<string>)(string[])v),
        _ => throw new InvalidOperationException($"A row cannot hold a {type.Name}.")
    };

    private static SqlType Plain<T>(string name, NpgsqlDbType db) => new(name, (copy, v) => copy.Write((T)v, db), v => v);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
