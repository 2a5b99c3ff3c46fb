using System.Globalization;
using System.Text.Json;
using Crm.Domain.Conditions;

namespace Crm.Api.Lists;

/// <summary>A question that a list can answer.</summary>
/// <param name="Sort">Ends with the id, so that no two rows share their place.</param>
/// <param name="Fields">The members wanted; null is all.</param>
/// <param name="Passing">What must be so besides, at the moment that is asked about.</param>
internal sealed record Question(
    Wanted Wanted, IReadOnlyList<SortKey> Sort, IReadOnlySet<string>? Fields, IReadOnlyList<Expansion> Expand, Passing? Passing = null)
{
    /// <summary>Everything that decides which rows there are and in which order, for a tenant and a moment.</summary>
    public string Bound(RecordList list, string tenant, Lens lens) => JsonSerializer.Serialize((string[])
    [
        list.Name, list.Model.Version.ToString(CultureInfo.InvariantCulture), tenant, Moment(lens.AsOf), Moment(lens.KnownAt),
        string.Join(',', Sort), ConditionJson.Write(Wanted.Where).ToJsonString(),
        string.Join(' ', Wanted.Words?.Words ?? []),
        // Whatever the moment: that of the first page stands in the cursor.
        .. Passing is null ? Array.Empty<string>() : [ConditionJson.Write(Passing.At(DateTimeOffset.UnixEpoch)).ToJsonString()]
    ]);

    private static string Moment(DateTimeOffset? moment) => moment is { } at ? Operand.Text(at) : "";
}
