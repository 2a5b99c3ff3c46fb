using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crm.EventStore.ReadModels;

/// <summary>How members of rows stand in PostgreSQL.</summary>
/// <param name="Put">Writes a value into a copy.</param>
/// <param name="Array">Values, null among them, as one array that can be cast to an array of this type.</param>
internal sealed record SqlType(string Name, Action<CopyRows, object> Put, Func<IEnumerable<object?>, Array> Array, Func<object, object> FromDb)
{
    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static SqlType Of(Type type) => type switch
    {
        _ when type == typeof(string) => Text(v => (string)v, v => v),
        _ when type == typeof(Guid) => Value<Guid>("uuid", (rows, v) => rows.Write(v)),
        _ when type == typeof(int) => Value<int>("integer", (rows, v) => rows.Write(v)),
        _ when type == typeof(long) => Value<long>("bigint", (rows, v) => rows.Write(v)),
        _ when type == typeof(decimal) => Value<decimal>("numeric", (rows, v) => rows.Write(v)),
        _ when type == typeof(bool) => Value<bool>("boolean", (rows, v) => rows.Write(v)),
        _ when type == typeof(DateOnly) => Value<DateOnly>("date", (rows, v) => rows.Write(v)) with { FromDb = v => v is DateTime d ? DateOnly.FromDateTime(d) : v },
        _ when type == typeof(DateTimeOffset) => Value("timestamptz", (rows, v) => rows.Write(v), v => ((DateTimeOffset)v).ToUniversalTime()) with
        {
            FromDb = v => v is DateTime d ? new DateTimeOffset(DateTime.SpecifyKind(d, DateTimeKind.Utc)) : v
        },
        _ when type.IsEnum => Text(v => Camel(v.ToString()!), v => Enum.Parse(type, (string)v, ignoreCase: true)),
        _ when type == typeof(IReadOnlyList<string>) => new("text[]",
            (rows, v) => rows.Write((IReadOnlyList<string>)v),
            values => values.Select(v => v is null ? null : Literal((IReadOnlyList<string>)v)).ToArray(), v => (IReadOnlyList<string>)(string[])v),
        _ when type == typeof(IReadOnlyDictionary<string, string>) => new("jsonb",
            (rows, v) => rows.WriteJson(Json(v)),
            values => values.Select(v => v is null ? null : Json(v)).ToArray(), v => Texts((string)v)),
        _ => throw new InvalidOperationException($"A row cannot hold a {type.Name}.")
    };

    private static SqlType Text(Func<object, string> text, Func<object, object> fromDb) => new(
        "text", (rows, v) => rows.Write(text(v)), values => values.Select(v => v is null ? null : text(v)).ToArray(), fromDb);

    private static SqlType Value<T>(string name, Action<CopyRows, T> put, Func<object, T>? of = null) where T : struct
    {
        of ??= v => (T)v;
        return new(name, (rows, v) => put(rows, of(v)), values => values.Select(v => v is null ? (T?)null : of(v)).ToArray(), v => v);
    }

    // An array of arrays of unequal length there is not: each goes as PostgreSQL spells it.
    private static string Literal(IEnumerable<string> texts) =>
        $"{{{string.Join(',', texts.Select(t => $"\"{t.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}";

    private static string Json(object texts) => JsonSerializer.Serialize((IReadOnlyDictionary<string, string>)texts, AsItIs);

    // The database has an order of its own.
    private static IReadOnlyDictionary<string, string> Texts(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
