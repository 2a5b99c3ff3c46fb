using System.Reflection;
using System.Text.Json;
using Crm.Domain;
using Crm.Domain.Access;

namespace Crm.Api.Events;

/// <summary>One kind of event as the outside knows it: a name that stays, and the shapes that it has had.</summary>
/// <param name="Type">The stored name without the version of its shape: <c>lead_captured</c>.</param>
/// <param name="Version">The newest shape, in which all of them are sent.</param>
/// <param name="Stored">The names under which they are stored, those of old shapes included.</param>
/// <param name="Shapes">The record of each version.</param>
public sealed record EventKind(string Type, string Subject, int Version, IReadOnlyList<string> Stored, IReadOnlyDictionary<int, Type> Shapes)
{
    // The hash of a key, or of an address, is of use to nobody but who checks them.
    private static readonly IReadOnlyList<(Type Shape, string Member)> NeverSent =
        [(typeof(ApiKeyIssued), "hash"), (typeof(CalendarAddressIssued), "hash")];

    /// <summary>Members that hold what is known of a person, as answers spell them.</summary>
    public IReadOnlyList<string> Personal { get; } = MembersOf(Shapes[Version], property => property.PropertyType == typeof(Personal));

    /// <summary>Members that are stored and never sent.</summary>
    public IReadOnlyList<string> Kept { get; } = [.. NeverSent.Where(kept => kept.Shape == Shapes[Version]).Select(kept => kept.Member)];

    /// <summary>What is written of it in docs/events.md.</summary>
    public EventMeaning Meaning => EventMeaning.All[Shapes[Version].Name];

    public string Path(int version) => FormattableString.Invariant($"/api/v1/event-types/{Type}/{version}");

    private static IReadOnlyList<string> MembersOf(Type shape, Func<PropertyInfo, bool> which) =>
        [.. shape.GetProperties().Where(which).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))];
}
