using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Domain;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

/// <summary>Free text. White space around it is cut off; what is empty then counts as absent.</summary>
internal sealed class TextShape(int max) : WordShape
{
    protected override string Wanted => $"text of at most {max} characters";

    // Not brought to NFC: without ICU (InvariantGlobalization) string.Normalize gives every text back as it is.
    public override object? Parse(string text, Place at)
    {
        if (text.Any(c => c < ' ' && c is not ('\t' or '\n' or '\r')))
            return at.Wrong(Code.BadText, "The text holds a control character; of those only tab and line breaks may be sent.");

        var trimmed = text.Trim();
        var length = trimmed.EnumerateRunes().Count();
        if (length > max) return at.Wrong(Code.TooLong, $"At most {max} characters fit; these are {length}.");
        return trimmed is "" ? null : trimmed;
    }

    public override OpenApiSchema Inline(OpenApiDocument document) => new() { Type = JsonSchemaType.String, MaxLength = max };
}

/// <summary>One of a list of words: an enum, spelt in kebab-case.</summary>
internal sealed class ChoiceShape(Type type) : WordShape
{
    private readonly Dictionary<string, object> choices =
        Enum.GetValues(type).Cast<object>().ToDictionary(value => Spell(value.ToString()!));

    protected override string Wanted => $"one of {Listed}";

    private string Listed => string.Join(", ", choices.Keys.Select(name => $"'{name}'"));

    public static string Spell(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    public override object? Parse(string text, Place at) =>
        choices.TryGetValue(text, out var value)
            ? value
            : at.Wrong(Code.NotOneOf, $"'{Place.Echo(text)}' is not one of {Listed}.{Nearest.Hint(text, choices.Keys)}");

    public override OpenApiSchema Inline(OpenApiDocument document) =>
        new() { Type = JsonSchemaType.String, Enum = [.. choices.Keys.Select(name => (JsonNode)name)] };
}

internal sealed class IdShape : WordShape
{
    protected override string Wanted => "text such as '0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52'";

    public override object? Parse(string text, Place at) =>
        Guid.TryParseExact(text, "D", out var id) ? id : at.Wrong(Code.BadId, $"An id is 32 hexadecimal digits with dashes: {Wanted}.");

    public override OpenApiSchema Inline(OpenApiDocument document) => new() { Type = JsonSchemaType.String, Format = "uuid", MaxLength = 36 };
}

internal sealed class TruthShape : WordShape
{
    protected override string Wanted => "true or false";

    public override object? Read(JsonElement json, Place at) =>
        json.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? json.GetBoolean()
            : at.Wrong(Code.WrongType, $"Write it as {Wanted}, without quotes.");

    public override object? Parse(string text, Place at) => text switch
    {
        "true" => true,
        "false" => false,
        _ => at.Wrong(Code.WrongType, $"Write it as {Wanted}.")
    };

    public override OpenApiSchema Inline(OpenApiDocument document) => new() { Type = JsonSchemaType.Boolean };
}

internal sealed class WholeNumberShape(Type type, BetweenAttribute range) : WordShape
{
    protected override string Wanted => $"a whole number between {range.Min} and {range.Max}";

    public override object? Read(JsonElement json, Place at) =>
        json.ValueKind == JsonValueKind.Number
            ? Parse(json.GetRawText(), at)
            : at.Wrong(Code.WrongType, $"Write it as {Wanted}, without quotes.");

    public override object? Parse(string text, Place at)
    {
        if (text.AsSpan(text.StartsWith('-') ? 1 : 0) is not [_, ..] digits || digits.ContainsAnyExceptInRange('0', '9'))
            return at.Wrong(Code.WrongType, $"Write it as {Wanted}, without decimals or exponent.");
        var fits = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (!fits || number < range.Min || number > range.Max) return at.Wrong(Code.OutOfRange, $"Send {Wanted}.");
        return Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
    }

    public override OpenApiSchema Inline(OpenApiDocument document) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = type == typeof(int) ? "int32" : "int64",
        Minimum = range.Min.ToString(CultureInfo.InvariantCulture),
        Maximum = range.Max.ToString(CultureInfo.InvariantCulture)
    };
}
