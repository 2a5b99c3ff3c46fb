using System.Globalization;
using Crm.Domain.Access;
using Crm.Domain.Playbooks;

namespace Crm.Domain.MetricAlerts;

/// <summary>Those whom a rule names hear when a figure is bad.</summary>
public static class TellOfMetric
{
    /// <summary>By which the alert is told.</summary>
    public const string Kind = "metric-alert";

    /// <summary>Members who may come in: those whom the rule names, and those of its roles.</summary>
    public static IReadOnlyList<string> Of(MetricRuleSection rule, Organisation organisation) =>
    [
        .. organisation.Members.Where(member => rule.Members?.Contains(member.Key) == true || rule.Roles?.Contains(member.Value.Role) == true)
            .Select(member => member.Key).Where(member => organisation.Active(member) is not null)
    ];

    /// <summary>What they are told with; nothing of a person is among it.</summary>
    public static IReadOnlyDictionary<string, string> Params(MetricAlertRaised said)
    {
        var given = new Dictionary<string, string>
        {
            ["rule"] = said.Rule,
            ["name"] = said.Name,
            ["day"] = said.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["threshold"] = Text(said.Threshold)
        };
        if (said.Value is { } value)
        {
            given["value"] = Text(value);
        }

        return given;
    }

    private static string Text(decimal number) => decimal.Round(number, 4, MidpointRounding.ToEven).ToString("0.####", CultureInfo.InvariantCulture);
}
