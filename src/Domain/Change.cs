namespace Crm.Domain;

/// <summary>Facts that change some members of a record: what is given is so from now on, what is cleared is not known any more, the rest stays.</summary>
public static class Change
{
    /// <param name="cleared">Members, in camelCase.</param>
    public static T? Of<T>(IReadOnlyList<string>? cleared, string name, T? given, T? known) => cleared?.Contains(name) == true ? default : given ?? known;

    /// <summary>What is said, where it is another than what is known; only that is a fact.</summary>
    public static T? Other<T>(T? said, T? known) where T : class => said is null || said.Equals(known) ? null : said;

    /// <inheritdoc cref="Other{T}(T, T)"/>
    public static T? Other<T>(T? said, T? known) where T : struct => said is null || said.Equals(known) ? null : said;

    /// <summary>Those of the members that are known, in order; null for none.</summary>
    public static IReadOnlyList<string>? Cleared(IReadOnlyList<string>? said, Func<string, bool> isKnown) =>
        said?.Where(isKnown).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } cleared ? cleared : null;
}
