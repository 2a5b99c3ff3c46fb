using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Domain.CustomFields;

/// <summary>
/// What is known of a record by the fields that its playbook adds: by their keys, in the order of code points, a text in normal form each.
/// Never without any: nothing known is null. In JSON an object.
/// </summary>
[JsonConverter(typeof(AsObject))]
public sealed record CustomValues
{
    /// <summary>Before the key, wherever such a field stands among others: <c>custom.painPoints</c>.</summary>
    public const string Prefix = "custom.";

    /// <summary>All of them, where members of a record are named.</summary>
    public const string Member = "custom";

    private CustomValues(ImmutableSortedDictionary<string, string> byKey) => ByKey = byKey;

    public ImmutableSortedDictionary<string, string> ByKey { get; }

    public string? this[string key] => ByKey.GetValueOrDefault(key);

    /// <summary>Null where there are none.</summary>
    public static CustomValues? Of(IEnumerable<KeyValuePair<string, string>>? values) =>
        values?.ToImmutableSortedDictionary(StringComparer.Ordinal) is { IsEmpty: false } some ? new(some) : null;

    /// <summary>The key in <c>custom.painPoints</c>; null where another member is named.</summary>
    public static string? KeyIn(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : null;

    /// <summary>What is known after a change: what is given, and of what was known what is not cleared.</summary>
    /// <param name="cleared">Members, such as <c>custom.painPoints</c>.</param>
    public static CustomValues? After(IReadOnlyList<string>? cleared, CustomValues? given, CustomValues? known)
    {
        if (given is null && (known is null || cleared is null))
        {
            return known;
        }

        var rest = known?.ByKey.RemoveRange((cleared ?? []).Select(KeyIn).OfType<string>());
        return Of(given is null ? rest : (rest ?? given.ByKey).SetItems(given.ByKey));
    }

    /// <summary>Of what is said that which is another than what is known; only that is a fact.</summary>
    public static CustomValues? Other(CustomValues? said, CustomValues? known) =>
        Of(said?.ByKey.Where(value => known?[value.Key] != value.Value));

    /// <summary>Members, each of those that are known named where all of them are: <c>custom</c>.</summary>
    public static IReadOnlyList<string>? Each(IReadOnlyList<string>? members, CustomValues? known) => members?.Contains(Member) == true
        ? [.. members.Where(member => member != Member), .. (known?.ByKey.Keys ?? []).Select(key => Prefix + key)]
        : members;

    public bool Equals(CustomValues? other) => other is not null && ByKey.SequenceEqual(other.ByKey);

    public override int GetHashCode() => ByKey.Aggregate(0, (hash, value) => HashCode.Combine(hash, value.Key, value.Value));

    private sealed class AsObject : JsonConverter<CustomValues>
    {
        public override CustomValues? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Of(JsonSerializer.Deserialize<Dictionary<string, string>>(ref reader));

        public override void Write(Utf8JsonWriter writer, CustomValues value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, text) in value.ByKey)
            {
                writer.WriteString(key, text);
            }

            writer.WriteEndObject();
        }
    }
}
