namespace Crm.Domain.Forecasting;

/// <summary>Where two results of one forecast differ.</summary>
/// <param name="OpportunityId">Whose contribution; null of the totals.</param>
/// <param name="Member">Such as <c>amount</c>; <c>id</c> where only one of the two has this opportunity.</param>
public sealed record ForecastDifference(Guid? OpportunityId, string Member, string? Then, string? Now)
{
    /// <summary>Every one of them, contributions first, in the order of ids and members.</summary>
    public static IEnumerable<ForecastDifference> Between(ForecastResult then, ForecastResult now)
    {
        var before = then.Contributions.ToDictionary(one => one.OpportunityId);
        var after = now.Contributions.ToDictionary(one => one.OpportunityId);
        return before.Keys.Union(after.Keys).Order().SelectMany(id => Of(id, before.GetValueOrDefault(id), after.GetValueOrDefault(id)))
            .Concat(Between(then.Totals, now.Totals));
    }

    /// <inheritdoc cref="Between(ForecastResult, ForecastResult)"/>
    public static IEnumerable<ForecastDifference> Between(ForecastTotals then, ForecastTotals now) =>
        Of(opportunity: null, CanonicalForecast.Members(then), CanonicalForecast.Members(now));

    private static IEnumerable<ForecastDifference> Of(Guid id, ForecastContribution? then, ForecastContribution? now) => (then, now) switch
    {
        ({ }, { }) => Of(id, CanonicalForecast.Members(then), CanonicalForecast.Members(now)),
        _ => [new(id, "id", then is null ? null : id.ToString("D"), now is null ? null : id.ToString("D"))]
    };

    private static IEnumerable<ForecastDifference> Of(
        Guid? opportunity, IEnumerable<(string Name, string? Value)> then, IEnumerable<(string Name, string? Value)> now)
    {
        var before = then.ToDictionary(member => member.Name, member => member.Value);
        var after = now.ToDictionary(member => member.Name, member => member.Value);
        return before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name))
            .Select(name => new ForecastDifference(opportunity, name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)));
    }
}
