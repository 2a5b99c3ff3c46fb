using Crm.Api.Http;
using Crm.Api.Http.Shapes;

namespace Crm.Api;

/// <summary>The values of a group, one a dimension; null is not known. Sorts by code point, null first.</summary>
internal sealed record GroupKey(IReadOnlyList<string?> Values) : IComparable<GroupKey>
{
    public bool Equals(GroupKey? other) => other is not null && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => Values.Aggregate(0, HashCode.Combine);

    public int CompareTo(GroupKey? other) => Values.Zip(other!.Values, string.CompareOrdinal).FirstOrDefault(order => order != 0);
}

/// <summary>What a caller groups by.</summary>
internal static class Grouping
{
    public static IEnumerable<(string Member, string Code, string Message)> Faults(IReadOnlyList<string> groups, IReadOnlyList<string> dimensions)
    {
        if (groups.Except(dimensions).FirstOrDefault() is { } stranger)
        {
            yield return ("by", Code.NotOneOf, $"There is no '{Place.Echo(stranger)}' to group by; there are: {string.Join(", ", dimensions)}.");
        }
        else if (groups.Distinct().Count() < groups.Count)
        {
            yield return ("by", Code.NotTogether, "Name each dimension once.");
        }
    }
}
