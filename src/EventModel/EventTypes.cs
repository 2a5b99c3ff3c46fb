using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.EventModel;

/// <summary>
/// Which stored name stands for which type, how an event becomes JSON and back, and how old shapes become new ones.
/// Built once at start; fails there when two types would share a name.
/// </summary>
public sealed class EventTypes
{
    /// <summary>How events are written: camelCase names, enums as text, text as it is rather than escaped.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    private readonly Dictionary<string, Type> types = [];
    private readonly Dictionary<Type, string> aliases = [];
    private readonly Dictionary<Type, (Type Target, Func<object, object> Apply)> lifts = [];
    private readonly Dictionary<Type, Correction> corrections = [];
    private readonly HashSet<Type> fromTheFirst = [];

    /// <summary>Registers every type under its alias.</summary>
    /// <exception cref="InvalidOperationException">Two types share an alias.</exception>
    public EventTypes Add(params IEnumerable<Type> events)
    {
        foreach (var type in events)
        {
            Register(AliasOf(type.Name), type);
        }

        return this;
    }

    /// <summary>Reads events stored as <paramref name="alias"/> in their old shape and lifts them to the new one.</summary>
    public EventTypes Lift<TOld, TNew>(string alias, Func<TOld, TNew> lift) where TOld : notnull where TNew : notnull
    {
        Register(alias, typeof(TOld));
        lifts.Add(typeof(TOld), (typeof(TNew), old => lift((TOld)old)));
        return this;
    }

    /// <summary>Declares that a <typeparamref name="T"/> restates an earlier event of its stream.</summary>
    /// <param name="corrects">The event that is corrected.</param>
    /// <param name="over">Two corrections of one event as one: what the later says stands, what it leaves out stands from the earlier.</param>
    /// <param name="restate">The fact as corrected; null when it is withdrawn.</param>
    /// <param name="occurredAt">When the fact really happened; null when that stands as it was.</param>
    public EventTypes Correct<T>(
        Func<T, Guid> corrects, Func<T, T, T> over, Func<object, T, object?> restate, Func<T, DateTimeOffset?> occurredAt) where T : notnull
    {
        corrections.Add(typeof(T), new(
            e => [corrects((T)e)], (earlier, later) => over((T)earlier, (T)later), (fact, e) => restate(fact, (T)e), e => occurredAt((T)e)));
        return this;
    }

    /// <summary>Declares that every registered event of a kind takes back earlier events of its stream for good. It is no fact itself.</summary>
    /// <param name="retracts">The events that are taken back.</param>
    public EventTypes Retract<T>(Func<T, IReadOnlyList<Guid>> retracts) where T : notnull
    {
        // Nothing is laid over a fact that is gone.
        foreach (var type in aliases.Keys.Where(typeof(T).IsAssignableFrom))
        {
            corrections.Add(type, new(e => retracts((T)e), (_, later) => later, (_, _) => null, _ => null, IsRetraction: true));
        }

        return this;
    }

    /// <summary>Declares that every registered event of a kind holds from the first fact of its stream on, whenever it was said.</summary>
    public EventTypes HoldFromTheFirst<T>()
    {
        fromTheFirst.UnionWith(aliases.Keys.Where(typeof(T).IsAssignableFrom));
        return this;
    }

    /// <summary>The stored names of all events that a reader of <paramref name="kind"/> (a marker interface) may meet.</summary>
    public IReadOnlyList<string> AliasesOf(Type kind) =>
        [.. types.Where(known => kind.IsAssignableFrom(Newest(known.Value))).Select(known => known.Key).Order(StringComparer.Ordinal)];

    public string AliasOf(object data) => aliases.TryGetValue(data.GetType(), out var alias)
        ? alias
        : throw new InvalidOperationException($"{data.GetType().Name} is not a registered event type.");

    /// <summary>The type that a stored name is read as at first; null when the name is not known.</summary>
    public Type? TypeOf(string alias) => types.GetValueOrDefault(alias);

    /// <summary>The type as which events stored under a name are handed on, old shapes lifted; null when the name is not known.</summary>
    public Type? NewestOf(string alias) => TypeOf(alias) is { } type ? Newest(type) : null;

    public byte[] Write(object data) => JsonSerializer.SerializeToUtf8Bytes(data, data.GetType(), Json);

    /// <summary>The event in its newest shape; <see cref="UnknownEvent"/> when the name is not known here.</summary>
    public object Read(string alias, ReadOnlySpan<byte> json)
    {
        if (!types.TryGetValue(alias, out var type))
        {
            return new UnknownEvent(alias, Encoding.UTF8.GetString(json));
        }

        var data = JsonSerializer.Deserialize(json, type, Json) ?? throw new JsonException($"{alias} is JSON null.");
        while (lifts.TryGetValue(data.GetType(), out var lift))
        {
            data = lift.Apply(data);
        }

        return data;
    }

    /// <summary>Whether an event takes back earlier ones.</summary>
    public bool IsRetraction(object data) => CorrectionBy(data) is { IsRetraction: true };

    /// <summary>Whether an event restates or takes back earlier ones.</summary>
    public bool IsCorrection(object data) => corrections.ContainsKey(data.GetType());

    /// <summary>Whether an event holds from the first fact of its stream on.</summary>
    public bool HoldsFromTheFirst(object data) => fromTheFirst.Contains(data.GetType());

    /// <summary>The event that a correction restates; null when this is none.</summary>
    public Guid? Corrected(object data) => CorrectionBy(data) is { IsRetraction: false } correction ? correction.Corrects(data)[0] : null;

    internal Correction? CorrectionBy(object data) => corrections.GetValueOrDefault(data.GetType());

    /// <summary>The short name split at its humps, in lower case: <c>LeadCaptured</c> is stored as <c>lead_captured</c>.</summary>
    public static string AliasOf(string typeName)
    {
        var alias = new StringBuilder();
        for (var i = 0; i < typeName.Length; i++)
        {
            if (i > 0 && char.IsUpper(typeName[i]) && (char.IsLower(typeName[i - 1]) || char.IsDigit(typeName[i - 1])))
            {
                alias.Append('_');
            }

            alias.Append(char.ToLowerInvariant(typeName[i]));
        }

        return alias.ToString();
    }

    private void Register(string alias, Type type)
    {
        if (!types.TryAdd(alias, type))
        {
            throw new InvalidOperationException($"'{alias}' would stand for both {types[alias].FullName} and {type.FullName}.");
        }

        aliases.TryAdd(type, alias);
    }

    private Type Newest(Type type) => lifts.TryGetValue(type, out var lift) ? Newest(lift.Target) : type;
}

internal sealed record Correction(
    Func<object, IReadOnlyList<Guid>> Corrects, Func<object, object, object> Over, Func<object, object, object?> Restate, Func<object, DateTimeOffset?> OccurredAt,
    bool IsRetraction = false);
