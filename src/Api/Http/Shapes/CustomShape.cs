using System.Text.Json;
using Crm.Api.CustomFields;
using Crm.Domain.Conditions;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

/// <summary>Values of the fields that a playbook adds, by their keys. Which there are is known only where the playbook is.</summary>
internal sealed class CustomShape : Shape
{
    private const int Most = 100;
    private const int LongestKey = 40;

    public override object? Read(JsonElement json, Place at)
    {
        if (json.ValueKind != JsonValueKind.Object) return at.Wrong(Code.WrongType, "Write it as an object: { … }.");

        var (before, values) = (at.Faults, new Dictionary<string, WrittenValue?>(StringComparer.Ordinal));
        foreach (var member in json.EnumerateObject())
        {
            if (at.IsFull) return null;
            if (NameOf(member) is not { } key)
                at.Wrong(Code.BadText, "The name of a member is not valid Unicode.");
            else if (key.Length > LongestKey)
                at.Member(key).Wrong(Code.UnknownMember, $"There is no field '{Place.Echo(key)}' here.");
            else if (!values.TryAdd(key, Written(member.Value, at.Member(key))))
                at.Member(key).Wrong(Code.DuplicateMember, $"'{key}' is given more than once.");
        }

        if (values.Count > Most) at.Wrong(Code.TooMany, $"At most {Most} fields fit; these are {values.Count}.");
        return at.Faults == before ? new CustomSaid(values) : null;
    }

    public override OpenApiSchema Inline(OpenApiDocument document) => new()
    {
        Type = JsonSchemaType.Object,
        MaxProperties = Most,
        AdditionalProperties = new OpenApiSchema
        {
            Type = JsonSchemaType.String | JsonSchemaType.Number | JsonSchemaType.Boolean | JsonSchemaType.Null,
            MaxLength = Domain.CustomFields.CustomField.LongestText
        }
    };

    private static WrittenValue? Written(JsonElement value, Place at)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Number:
                return new(value.GetRawText(), WrittenForm.Number);
            case JsonValueKind.True or JsonValueKind.False:
                return new(value.GetBoolean() ? "true" : "false", WrittenForm.Truth);
            case JsonValueKind.String when WordShape.TextOf(value) is { } text:
                return new(text, WrittenForm.Text);
            case JsonValueKind.String:
                at.Wrong(Code.BadText, "The text is not valid Unicode: it holds half of a surrogate pair or broken UTF-8.");
                return null;
            default:
                at.Wrong(Code.WrongType, "A value is text, a number, true or false.");
                return null;
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
