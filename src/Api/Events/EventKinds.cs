using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Crm.EventModel;
using Crm.Projections;

namespace Crm.Api.Events;

/// <summary>Every kind of event that a feed can hold.</summary>
public static partial class EventKinds
{
    private static readonly EventTypes Types = EventCatalog.Types;

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<EventKind> All { get; } = [.. Types.AliasesOf(typeof(object)).GroupBy(alias => Types.NewestOf(alias)!).Select(Of).OrderBy(kind => kind.Type, StringComparer.Ordinal)];

    private static readonly FrozenDictionary<string, EventKind> ByType = All.ToFrozenDictionary(kind => kind.Type);
    private static readonly FrozenDictionary<string, EventKind> ByStored = All.SelectMany(kind => kind.Stored.Select(alias => (alias, kind))).ToFrozenDictionary(k => k.alias, k => k.kind);

    /// <summary>The names of the kinds.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Type)];

    /// <summary>What events can happen to; last, what nobody knows.</summary>
    public static IReadOnlyList<string> Subjects { get; } = [.. All.Select(kind => kind.Subject).Distinct().Order(StringComparer.Ordinal), AuditTrail.Other];

    public static EventKind? Named(string type) => ByType.GetValueOrDefault(type);

    /// <summary>The kind of what is stored under a name; null where nobody knows it.</summary>
    public static EventKind? OfStored(string alias) => ByStored.GetValueOrDefault(alias);

    /// <summary>What a stream is about, by the type that it was begun with, or else by one of its events.</summary>
    public static string SubjectOf(string? streamType, string alias) => (streamType is "data_source_row" ? "import-row" : streamType) is { } type && Subjects.Contains(type)
        ? type
        : OfStored(alias)?.Subject ?? AuditTrail.Other;

    /// <summary>The stored names of all events that happen to some kinds of record.</summary>
    public static IReadOnlyList<string> StoredOf(IReadOnlyCollection<string> subjects) => [.. All.Where(kind => subjects.Contains(kind.Subject)).SelectMany(kind => kind.Stored)];

    private static EventKind Of(IGrouping<Type, string> stored)
    {
        var (name, newest) = Split(EventTypes.AliasOf(stored.Key.Name));
        return new EventKind(name, AuditTrail.SubjectOf(stored.Key), newest, [.. stored], stored.ToDictionary(alias => Split(alias).Version, alias => Types.TypeOf(alias)!));
    }

    // lead_captured_v2 is the second shape of lead_captured.
    private static (string Name, int Version) Split(string alias) => Form().Match(alias) is { Success: true } match
        ? (match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
        : (alias, 1);

    [GeneratedRegex(@"\A(.+)_v([0-9]+)\z")]
    private static partial Regex Form();
}
