using System.Globalization;
using Crm.Domain.Access;

namespace Crm.Domain.Forecasting;

/// <summary>Those who look at forecasts hear when one is held back, and those who were shown one when it is said anew.</summary>
public static class TellOfForecast
{
    /// <summary>By which the alerts are told.</summary>
    public const string Held = "forecast-held";

    public const string Restated = "forecast-restated";

    /// <summary>Members who may come in, see forecasts, all that they are made of, and the records of a scope.</summary>
    /// <param name="fields">Of opportunities, what forecasts are made of.</param>
    public static IReadOnlyList<string> Readers(Organisation organisation, ForecastScope scope, IReadOnlyCollection<string> fields) =>
    [
        .. organisation.Members.Keys.Where(member => organisation.Active(member) is { } active && organisation.RightsOf(active) is var rights
            && rights.Functions.Contains(Functions.ForecastsRead)
            && !rights.HiddenFields.Any(hidden => fields.Any(field => hidden == $"opportunity.{field}"))
            && (organisation.OwnersFor(member, rights.Scope) is not var (reps, teams)
                || (scope.Rep is { } rep && reps.Contains(rep)) || (scope.Team is { } team && teams.Contains(team))))
    ];

    /// <summary>What they are told with: no figure, for who may see one today may not tomorrow.</summary>
    public static IReadOnlyDictionary<string, string> Params(Guid id, ForecastManifest manifest, ForecastDue? due, decimal? movedPercent = null)
    {
        (string Name, string? Value)[] all =
        [
            ("forecast", id.ToString("D")), ("schedule", due?.Schedule), ("spanFrom", Text(manifest.Span.From)),
            ("spanTo", Text(manifest.Span.To)), ("percent", movedPercent?.ToString("0.##", CultureInfo.InvariantCulture))
        ];
        return all.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value!);
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
