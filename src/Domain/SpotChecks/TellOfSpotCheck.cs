using System.Globalization;

namespace Crm.Domain.SpotChecks;

/// <summary>Somebody is to hear what came of a spot check.</summary>
/// <param name="To">The member, by id.</param>
/// <param name="Params">What it is told with; nothing of a person is among it.</param>
public sealed record SpotCheckNotice(string To, IReadOnlyDictionary<string, string> Params);

/// <summary>Whoever is to be told hears what came of a spot check once it is published.</summary>
public static class TellOfSpotCheck
{
    /// <summary>By which the alert is told.</summary>
    public const string Kind = "spot-check-published";

    public static IEnumerable<SpotCheckNotice> React(SpotCheck check, SpotCheckPublished said)
    {
        var with = new Dictionary<string, string>
        {
            ["day"] = check.Drawn!.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["called"] = said.Called.ToString(CultureInfo.InvariantCulture),
            ["reached"] = said.Reached.ToString(CultureInfo.InvariantCulture),
            ["genuine"] = said.Genuine.ToString(CultureInfo.InvariantCulture)
        };
        return said.Told.Select(member => new SpotCheckNotice(member, with));
    }
}
