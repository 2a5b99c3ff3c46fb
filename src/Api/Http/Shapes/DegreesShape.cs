using System.Globalization;
using System.Text.Json;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

/// <summary>A coordinate of a place, as phones write them: <c>31.2304</c>.</summary>
internal sealed class DegreesShape(int most) : WordShape
{
    protected override string Wanted => $"a number of degrees between -{most} and {most}";

    public override object? Read(JsonElement json, Place at) =>
        json.ValueKind == JsonValueKind.Number ? Parse(json.GetRawText(), at)
            : at.Wrong(Code.WrongType, $"Write it as {Wanted}, without quotes.");

    public override object? Parse(string text, Place at)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) || double.IsNaN(degrees))
            return at.Wrong(Code.WrongType, $"Write it as {Wanted}.");
        return Math.Abs(degrees) <= most ? degrees : at.Wrong(Code.OutOfRange, $"Send {Wanted}.");
    }

    public override OpenApiSchema Inline(OpenApiDocument document) => new()
    {
        Type = JsonSchemaType.Number,
        Format = "double",
        Minimum = $"-{most}",
        Maximum = most.ToString(CultureInfo.InvariantCulture)
    };
}
