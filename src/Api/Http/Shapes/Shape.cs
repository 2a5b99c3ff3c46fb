using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Crm.Api.CustomFields;
using Crm.Domain;
using Crm.Domain.Conditions;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

/// <summary>What a value looks like on the wire: reads it, says what is wrong with it, and describes itself to OpenAPI.</summary>
internal abstract class Shape
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Records = new();

    /// <summary>Null when it is absent or faulty; a fault is noted at its place.</summary>
    public abstract object? Read(JsonElement json, Place at);

    /// <summary>Its schema, or a reference to it where it has a name of its own.</summary>
    public virtual IOpenApiSchema Describe(OpenApiDocument document) => Inline(document);

    public abstract OpenApiSchema Inline(OpenApiDocument document);

    public static RecordShape OfRecord(Type type) => Records.GetOrAdd(type, static t => new RecordShape(t));

    /// <summary>The shape of a constructor's parameter, limits included.</summary>
    public static Shape Of(ParameterInfo parameter) => Of(parameter.ParameterType, parameter);

    /// <summary>The shape of a type that is written as one JSON value, or null when it is none of ours.</summary>
    public static Shape? OfSingle(Type type, ICustomAttributeProvider? limits = null)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return new TextShape(Limit<TextAttribute>(limits)?.Max ?? 200);
        if (type == typeof(int)) return new WholeNumberShape(type, Limit<BetweenAttribute>(limits) ?? new(int.MinValue, int.MaxValue));
        if (type == typeof(long)) return new WholeNumberShape(type, Limit<BetweenAttribute>(limits) ?? new(long.MinValue, long.MaxValue));
        if (type == typeof(bool)) return new TruthShape();
        if (type == typeof(Guid)) return new IdShape();
        if (type == typeof(double)) return new DegreesShape(Limit<DegreesAttribute>(limits)?.Most ?? 180);
        if (type == typeof(decimal)) return new AmountShape();
        if (type == typeof(Money)) return new MoneyShape();
        if (type == typeof(DateOnly)) return new DateShape();
        if (type == typeof(DateTimeOffset)) return new InstantShape();
        if (type == typeof(Moment)) return new MomentShape();
        if (type == typeof(UnreadCondition)) return new ConditionShape();
        if (type == typeof(AnyJson)) return new AnyShape();
        if (type == typeof(CustomSaid)) return new CustomShape();
        return type.IsEnum ? new ChoiceShape(type) : null;
    }

    private static Shape Of(Type type, ICustomAttributeProvider limits)
    {
        if (OfSingle(type, limits) is { } single) return single;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var item = type.GenericTypeArguments[0];
            return new ListShape(item, Of(item, limits), Limit<ItemsAttribute>(limits)?.Max ?? 100);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Tried<>)) return new TriedShape(type);
        if (type.IsClass && type.Namespace?.StartsWith("System", StringComparison.Ordinal) == false) return OfRecord(type);
        throw new NotSupportedException($"{type} cannot be part of a request; see Crm.Api.Http.Shapes.Shape.");
    }

    private static T? Limit<T>(ICustomAttributeProvider? limits) where T : Attribute =>
        limits?.GetCustomAttributes(typeof(T), inherit: false).Cast<T>().SingleOrDefault();
}

/// <summary>A shape that is one word: a JSON text or number in a body, the same spelling as text in a query.</summary>
internal abstract class WordShape : Shape
{
    /// <summary>What to write, for the sentence <c>Write it as …</c>.</summary>
    protected abstract string Wanted { get; }

    public abstract object? Parse(string text, Place at);

    public override object? Read(JsonElement json, Place at)
    {
        if (json.ValueKind != JsonValueKind.String) return at.Wrong(Code.WrongType, $"Write it as {Wanted}.");
        return TextOf(json) is { } text
            ? Parse(text, at)
            : at.Wrong(Code.BadText, "The text is not valid Unicode: it holds half of a surrogate pair or broken UTF-8.");
    }

    /// <summary>The text of a JSON text; null when it cannot be Unicode (the parser lets such texts through and throws here).</summary>
    public static string? TextOf(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
