using System.Collections.Immutable;

namespace Crm.Api.CustomFields;

internal static class CustomAnswer
{
    /// <summary>Of a record that has none of these fields.</summary>
    public static readonly IReadOnlyDictionary<string, string> Nothing = ImmutableSortedDictionary<string, string>.Empty;
}
