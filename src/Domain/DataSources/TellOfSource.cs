using System.Globalization;
using Crm.Domain.Access;
using Crm.Domain.Tasks;

namespace Crm.Domain.DataSources;

/// <summary>Those who look after data sources, and those who read forecasts, hear once that one gives nothing, and once that it does
/// again.</summary>
public static class TellOfSource
{
    public const string Automation = "watch-data-sources";
    public const string Failed = "source-failed";
    public const string Recovered = "source-recovered";

    /// <summary>Who hears of it.</summary>
    public static IEnumerable<string> Hearers(Organisation organisation) => organisation.Members
        .Where(one => organisation.Active(one.Key) is { } member
            && organisation.RightsOf(member).Functions.Overlaps([Functions.SourcesManage, Functions.ForecastsRead]))
        .Select(one => one.Key);

    /// <param name="key">Of the source.</param>
    public static (string Kind, AlertSeverity Severity, IReadOnlyDictionary<string, string> Params)? Of(
        string key, ISourceEvent fact) => fact switch
        {
            SourceFailed e => (Failed, AlertSeverity.Warning, new Dictionary<string, string>
            {
                ["source"] = key,
                ["because"] = e.Because.ToString().ToLowerInvariant(),
                ["lastGood"] = e.LastGood?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? ""
            }),
            SourceRecovered => (Recovered, AlertSeverity.Info, new Dictionary<string, string> { ["source"] = key }),
            _ => null
        };
}
