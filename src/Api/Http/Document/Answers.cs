using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Crm.Api.Http.Shapes;
using Crm.Domain;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Document;

/// <summary>What answers look like, where the serializer's own account of them does not say enough.</summary>
internal static class Answers
{
    /// <summary>The greatest whole number that every reader of JSON keeps exact; no count, version or position comes near it.</summary>
    public const long Greatest = (1L << 53) - 1;

    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        var type = context.JsonTypeInfo.Type;
        var value = Nullable.GetUnderlyingType(type) ?? type;
        if (value == typeof(int) || value == typeof(long))
        {
            LimitNumber(schema, value);
        }
        else if (value.IsEnum || value == typeof(Money) || value == typeof(decimal) || value == typeof(DateTimeOffset))
        {
            DescribeValue(schema, type, value, context.Document!);
        }
        else if (value == typeof(JsonNode))
        {
            // Those who use it say "one of null and this", and null must not be both.
            schema.Not = new OpenApiSchema { Type = JsonSchemaType.Null };
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            DescribeMembers(schema, context.JsonTypeInfo);
        }

        return Task.CompletedTask;
    }

    private static void LimitNumber(OpenApiSchema schema, Type type)
    {
        schema.Minimum = "0";
        schema.Maximum = (type == typeof(int) ? int.MaxValue : Greatest).ToString(CultureInfo.InvariantCulture);
    }

    // The serializer does not say what our converters write, and lists null among the words of an enum.
    private static void DescribeValue(OpenApiSchema schema, Type type, Type value, OpenApiDocument document)
    {
        var shape = Shape.OfSingle(value)!.Inline(document);
        // What has a name of its own is said once for all its uses; those that allow null say so around it.
        var orNull = value != type && !value.IsEnum ? JsonSchemaType.Null : 0;
        (schema.Type, schema.Format, schema.Pattern, schema.Enum) = (shape.Type | orNull, shape.Format, shape.Pattern, null);
        (schema.Properties, schema.Required) = (shape.Properties, shape.Required);
        if (shape.Enum is { } words)
        {
            OpenWords(schema, words);
        }
    }

    // A closed enum would break generated clients on the day on which a word comes along.
    private static void OpenWords(OpenApiSchema schema, IList<JsonNode> words)
    {
        schema.Description = "Open: new words may come. So far: " + string.Join(", ", words.Select(word => $"`{word}`")) + ".";
        schema.Extensions = new Dictionary<string, IOpenApiExtension>
        {
            ["x-extensible-enum"] = new JsonNodeExtension(new JsonArray([.. words.Select(word => word.DeepClone())]))
        };
    }

    private static void DescribeMembers(OpenApiSchema schema, JsonTypeInfo type)
    {
        schema.Description ??= Comments.Of(type.Type);
        foreach (var member in type.Properties)
        {
            if (Comments.Of(type.Type, member.Name) is { } said && schema.Properties?.TryGetValue(member.Name, out var property) == true)
            {
                property.Description = said;
            }

            if (Least(type.Type, member.Name) is < 0 and var least && schema.Properties?.TryGetValue(member.Name, out var part) == true && part is OpenApiSchema number)
            {
                number.Minimum = least.ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    // Where a record is asked for as it is told, it says how far below zero a number may be.
    private static long? Least(Type type, string member) => type.GetConstructors().FirstOrDefault()?.GetParameters()
        .FirstOrDefault(parameter => string.Equals(parameter.Name, member, StringComparison.OrdinalIgnoreCase))?.GetCustomAttribute<BetweenAttribute>()?.Min;
}
