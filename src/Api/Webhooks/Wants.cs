using Crm.Api.Access;
using Crm.Api.Events;
using Crm.Domain.Webhooks;

namespace Crm.Api.Webhooks;

/// <summary>What a webhook can ask for: kinds of records, and single kinds of events.</summary>
internal static class Wants
{
    /// <summary>What is meant where nothing is asked for by name.</summary>
    public static readonly IReadOnlyList<string> ByDefault = ["lead", "customer", "opportunity"];

    /// <summary>Everything that can be asked for by name.</summary>
    public static readonly IReadOnlyList<string> Names = [.. EventKinds.All.Select(kind => kind.Subject).Distinct(), .. EventKinds.Names];

    public static Wanted Of(IReadOnlyList<string>? said)
    {
        var events = (said is null or [] ? ByDefault : said).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return new Wanted(events, [.. Kinds(events).Select(kind => SubjectSight.FunctionFor(kind.Subject)).OfType<string>().Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>The names under which those events are stored.</summary>
    public static IEnumerable<string> Stored(IReadOnlyList<string> events) => Kinds(events).SelectMany(kind => kind.Stored);

    private static IEnumerable<EventKind> Kinds(IReadOnlyList<string> events) =>
        EventKinds.All.Where(kind => events.Contains(kind.Type) || events.Contains(kind.Subject));
}
