namespace Crm.Domain.Playbooks;

/// <summary>What stands against the figures that a playbook has watched.</summary>
internal static class AlertsCheck
{
    public static IEnumerable<PlaybookFault> Of(PlaybookDocument document)
    {
        if (document.Alerts is not { } alerts)
        {
            yield break;
        }

        if (PlaybookTimes.Read(alerts.At) is null)
        {
            yield return new("/alerts/at", "playbook.time", "A time of day is written as 09:00.");
        }

        var rules = alerts.Rules.Select((rule, i) => (At: $"/alerts/rules/{i}", Rule: rule)).ToList();
        foreach (var twice in rules.GroupBy(one => one.Rule.Key, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            yield return new($"{twice.Last().At}/key", "playbook.twice", $"'{twice.Key}' is there twice.");
        }

        foreach (var fault in rules.SelectMany(one => Of(one.At, one.Rule, document)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<PlaybookFault> Of(string at, MetricRuleSection rule, PlaybookDocument document)
    {
        if (((object?[])[rule.NothingNew, rule.ShareAbove, rule.ConversionBelow]).Count(one => one is not null) != 1)
        {
            yield return new(at, "playbook.alert-of", "A rule watches one figure: it has one of nothingNew, shareAbove and conversionBelow.");
        }

        if (rule is { Members: null or { Count: 0 }, Roles: null or { Count: 0 } })
        {
            yield return new(at, "playbook.alert-for-nobody", "A rule names members or roles who are told.");
        }

        if (rule.ShareAbove is { Percent: 100 })
        {
            yield return new($"{at}/shareAbove/percent", "playbook.rule-never-fires", "No share is above 100 percent.");
        }

        if (rule.ConversionBelow is { Percent: 100 })
        {
            yield return new($"{at}/conversionBelow/percent", "playbook.rule-never-fires", "No conversion is below another by more than all of it.");
        }

        foreach (var fault in OfPipeline($"{at}/nothingNew", rule.NothingNew?.Pipeline, null, document)
            .Concat(OfPipeline($"{at}/shareAbove", rule.ShareAbove?.Pipeline, null, document))
            .Concat(OfPipeline($"{at}/conversionBelow", rule.ConversionBelow?.Pipeline, rule.ConversionBelow?.Stage, document)))
        {
            yield return fault;
        }
    }

    // A pipeline that is not in the document may have come with a file: then nothing is known of it here.
    private static IEnumerable<PlaybookFault> OfPipeline(string at, string? key, string? stage, PlaybookDocument document)
    {
        IReadOnlyList<string>? stages = document.Pipelines?.FirstOrDefault(pipeline => pipeline.Key == key) is { } named
            ? [.. named.Stages.Select(one => one.Name)]
            : key is null ? null : Playbook.BuiltIn.Pipelines.GetValueOrDefault(key)?.Stages;
        if (stage is not null && stages?.Contains(stage) == false)
        {
            yield return new($"{at}/stage", "playbook.rule-never-fires", $"The pipeline '{key}' has no stage '{stage}'.");
        }
    }
}
