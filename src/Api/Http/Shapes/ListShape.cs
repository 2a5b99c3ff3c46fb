using System.Text.Json;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

internal sealed class ListShape(Type itemType, Shape item, int max) : Shape
{
    public Shape Item => item;

    public override object? Read(JsonElement json, Place at)
    {
        if (json.ValueKind != JsonValueKind.Array) return at.Wrong(Code.WrongType, "Write it as a list: [ … ].");
        return Read([.. json.EnumerateArray()], (element, place) => IsNull(element) ? null : item.Read(element, place), at.Item, at);
    }

    /// <summary>A list in a query: the parameter said once for each item.</summary>
    public object? Parse(IReadOnlyList<string> words, Place at) => Read(words, ((WordShape)item).Parse, _ => at, at);

    public override OpenApiSchema Inline(OpenApiDocument document) =>
        new() { Type = JsonSchemaType.Array, Items = item.Describe(document), MaxItems = max };

    private static bool IsNull(JsonElement json) => json.ValueKind == JsonValueKind.Null;

    private Array? Read<T>(IReadOnlyList<T> given, Func<T, Place, object?> read, Func<int, Place> placeOf, Place at)
    {
        if (given.Count > max)
        {
            at.Wrong(Code.TooMany, $"At most {max} items fit; these are {given.Count}.");
            return null;
        }

        var before = at.Faults;
        var list = Array.CreateInstance(Nullable.GetUnderlyingType(itemType) ?? itemType, given.Count);
        for (var i = 0; i < given.Count; i++)
        {
            var (place, known) = (placeOf(i), at.Faults);
            if (read(given[i], place) is { } value) list.SetValue(value, i);
            else if (at.Faults == known) place.Wrong(Code.Missing, "An item of a list must not be null or empty.");
        }

        return at.Faults == before ? list : null;
    }
}
