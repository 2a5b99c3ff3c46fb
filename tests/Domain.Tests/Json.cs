using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Domain.Tests;

/// <summary>How events are stored: camelCase names, enums as text, nothing where nothing is known.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() }
    };

    public static string Body(object @event) => JsonSerializer.Serialize(@event, @event.GetType(), Options);

    /// <summary>The body with its type in front, as one text to compare.</summary>
    public static string Write(object @event) => $"{@event.GetType().Name} {Body(@event)}";

    public static object Read(Type type, string json) => JsonSerializer.Deserialize(json, type, Options)!;
}
