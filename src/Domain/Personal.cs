using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Domain;

/// <summary>
/// A person's data, sealed: <c>enc:v1:&lt;key id&gt;:&lt;data&gt;</c>. Nothing in the domain or in a read model can look inside; it is sealed on
/// the way in and opened on the way out, and unreadable for ever once the person's key is gone.
/// </summary>
[JsonConverter(typeof(PersonalJson))]
public sealed record Personal(string Sealed)
{
    // Never the text, wherever it is printed.
    public override string ToString() => Sealed.Length > 10 ? Sealed[..10] + "…" : Sealed;
}

internal sealed class PersonalJson : JsonConverter<Personal>
{
    public override Personal Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, Personal value, JsonSerializerOptions options) => writer.WriteStringValue(value.Sealed);
}
