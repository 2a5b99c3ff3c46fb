using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Domain.Conditions;

/// <summary>A condition as JSON, not read yet: only where it belongs it is known which fields there are.</summary>
[JsonConverter(typeof(AsItIs))]
public sealed record UnreadCondition(JsonElement Json)
{
    /// <summary>The condition, for fields that are known; null, with its faults, where it cannot be read.</summary>
    public Condition? Read(Vocabulary vocabulary, out IReadOnlyList<ConditionFault> faults)
    {
        var reading = new ConditionReading(vocabulary);
        var condition = ConditionJson.Read(Json, reading);
        faults = reading.Faults;
        return faults.Count == 0 ? condition : null;
    }

    public bool Equals(UnreadCondition? other) => other is not null && JsonElement.DeepEquals(Json, other.Json);

    public override int GetHashCode() => Json.ValueKind.GetHashCode();

    private sealed class AsItIs : JsonConverter<UnreadCondition>
    {
        public override UnreadCondition Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, UnreadCondition value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
    }
}
