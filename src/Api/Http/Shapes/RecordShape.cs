using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Api.Http.Document;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

/// <summary>A JSON object, or a whole query, as the constructor of a record lists its members.</summary>
internal sealed class RecordShape : Shape
{
    private readonly string name;
    private readonly Lazy<IReadOnlyList<Member>> members;                      // lazy, since a record may hold lists of its own kind
    private readonly Func<object?[], Place, object?> make;

    // A document is built anew each time it is asked for, and describes each record once.
    private readonly ConditionalWeakTable<OpenApiDocument, OpenApiSchema> described = [];

    public RecordShape(string name, IReadOnlyList<Member> members, Func<object?[], Place, object?> make) =>
        (this.name, this.members, this.make) = (name, new(members), make);

    public RecordShape(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length) ??
            throw new NotSupportedException($"{type} has no public constructor to be made by.");
        // A record of the domain is an answer as well, where more may come.
        name = type.Namespace?.StartsWith("Crm.Domain", StringComparison.Ordinal) == true ? $"{type.Name}Request" : type.Name;
        members = new(() => [.. constructor.GetParameters().Select(Member.Of)]);
        make = (values, at) => Checked(constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, values, culture: null), at);
    }

    private IEnumerable<string> Names => members.Value.Select(m => m.Name);

    public override object? Read(JsonElement json, Place at)
    {
        if (json.ValueKind != JsonValueKind.Object) return at.Wrong(Code.WrongType, "Write it as an object: { … }.");

        var (before, given) = (at.Faults, new Dictionary<string, JsonElement>());
        foreach (var property in json.EnumerateObject())
        {
            if (at.IsFull) return null;
            Sort(property, given, at);
        }

        return Fill(at, before, (member, place) =>
            given.TryGetValue(member.Name, out var value) && value.ValueKind != JsonValueKind.Null
                ? member.Shape.Read(value, place)
                : null);
    }

    /// <summary>Reads the members from a query; records among them share its names.</summary>
    public object? Parse(IQueryCollection query, Place at) =>
        Fill(at, at.Faults, (member, place) => (member.Shape, query[member.Name]) switch
        {
            (RecordShape group, _) => group.Parse(query, at),
            (_, []) => null,
            (ListShape list, var words) => list.Parse([.. words.Select(word => word ?? "")], place),
            (WordShape word, [var only]) => word.Parse(only ?? "", place),
            _ => place.Wrong(Code.DuplicateParameter, $"Say {member.Name} once.")
        });

    /// <summary>Every parameter of a query with its shape.</summary>
    public IEnumerable<Member> Parameters => members.Value.SelectMany(m => m.Shape switch
    {
        RecordShape group => group.Parameters,
        WordShape or ListShape { Item: WordShape } => [m],
        _ => throw new NotSupportedException($"{m.Name} of {name} cannot be part of a query.")
    });

    public override IOpenApiSchema Describe(OpenApiDocument document)
    {
        // Entered before its members are, so that a record inside itself ends in a reference.
        if (described.TryAdd(document, new OpenApiSchema()))
        {
            document.Components ??= new OpenApiComponents();
            document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
            document.Components.Schemas[name] = Inline(document);
        }

        return new OpenApiSchemaReference(name, document);
    }

    public override OpenApiSchema Inline(OpenApiDocument document) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = members.Value.ToDictionary(m => m.Name, m => m.Describe(document)),
        Required = members.Value.Where(m => m.Required).Select(m => m.Name).ToHashSet(),
        AdditionalPropertiesAllowed = false
    };

    private void Sort(JsonProperty property, Dictionary<string, JsonElement> given, Place at)
    {
        if (NameOf(property) is not { } key)
            at.Wrong(Code.BadText, "The name of a member is not valid Unicode.");
        else if (!Names.Contains(key))
            at.Member(key).Wrong(Code.UnknownMember, $"There is no member '{Place.Echo(key)}' here.{Nearest.Hint(key, Names)}");
        else if (!given.TryAdd(key, property.Value))
            at.Member(key).Wrong(Code.DuplicateMember, $"'{key}' is given more than once.");
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private object? Fill(Place at, int before, Func<Member, Place, object?> read)
    {
        var values = new object?[members.Value.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var (member, known) = (members.Value[i], at.Faults);
            var place = at.Member(member.Name);
            values[i] = read(member, place) ?? member.Default;
            if (values[i] is null && member.Required && at.Faults == known) place.Wrong(Code.Missing, $"{member.Name} is required.");
        }

        return at.Faults == before ? make(values, at) : null;
    }

    private static object Checked(object made, Place at)
    {
        if (made is IChecked record)
            foreach (var (member, code, message) in record.Check()) at.Member(member).Wrong(code, message);
        return made;
    }
}

/// <summary>A member of a record. One with a default, or one that may be null, may be left out.</summary>
internal sealed record Member(string Name, Shape Shape, bool Required = true, object? Default = null, string? Said = null)
{
    public static Member Of(ParameterInfo parameter)
    {
        var optional = parameter.HasDefaultValue || new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;
        return new Member(
            JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), Shape.Of(parameter), !optional, DefaultOf(parameter),
            Comments.Of(parameter.Member.DeclaringType!, parameter.Name!));
    }

    /// <summary>What may stand there, null where it may be left out.</summary>
    public IOpenApiSchema Describe(OpenApiDocument document)
    {
        var schema = DescribeValue(document);
        if (Said is not null) schema.Description = Said;
        return schema;
    }

    private IOpenApiSchema DescribeValue(OpenApiDocument document)
    {
        var schema = DescribeGiven(document);
        if (Required)
        {
            if (Shape is TextShape && schema is OpenApiSchema text) text.Pattern = @"\S";
            return schema;
        }

        if (schema is OpenApiSchema { Type: { } type, Enum: null } plain)
        {
            plain.Type = type | JsonSchemaType.Null;
            return plain;
        }

        return new OpenApiSchema { OneOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }] };
    }

    /// <summary>What may stand there when it is not left out: a query knows no null.</summary>
    public IOpenApiSchema DescribeGiven(OpenApiDocument document)
    {
        var schema = Shape.Describe(document);
        if (Default is not null && schema is OpenApiSchema plain)
            plain.Default = JsonSerializer.SerializeToNode(Default, AnswerJson.Options);
        return schema;
    }

    // Reflection gives an enum's default as a plain number.
    private static object? DefaultOf(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter is { HasDefaultValue: true, DefaultValue: { } value } ? type.IsEnum ? Enum.ToObject(type, value) : value : null;
    }
}
