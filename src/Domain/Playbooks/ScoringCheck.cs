using Crm.Domain.Conditions;
using Crm.Domain.Scoring.Leads;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against a playbook's points.</summary>
internal static class ScoringCheck
{
    public static IEnumerable<PlaybookFault> Of(ScoringSection? scoring, Vocabulary vocabulary)
    {
        var rules = (scoring?.Rules ?? []).Select((rule, i) => (At: $"/scoring/rules/{i}", Rule: rule)).ToList();
        foreach (var twice in rules.GroupBy(one => one.Rule.Key, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            yield return new($"{twice.Last().At}/key", "playbook.twice", $"'{twice.Key}' is there twice.");
        }

        foreach (var fault in rules.SelectMany(one => Of(one.At, one.Rule, vocabulary)))
        {
            yield return fault;
        }

        if (scoring?.Bands is { } bands && bands.Low >= bands.High)
        {
            yield return new(
                "/scoring/bands/low", "playbook.bands",
                $"The low band ends below where the high one begins; {bands.Low} is not below {bands.High}.");
        }
    }

    private static IEnumerable<PlaybookFault> Of(string at, PointsRuleSection rule, Vocabulary vocabulary)
    {
        if (rule.Points == 0)
        {
            yield return new($"{at}/points", "playbook.rule-never-fires", "A rule for no points gives nothing.");
        }

        foreach (var fault in (rule.When, rule.Behaviour) switch
        {
            (null, null) or (not null, not null) => [new(at, "playbook.points-for",
                "Points are for what is known of a lead, by 'when', or for what it does, by 'behaviour': one of the two.")],
            ({ } when, null) => [.. OfFields($"{at}/when", when, vocabulary), .. OnlyOfBehaviour(at, rule)],
            (null, { } behaviour) => OfBehaviour($"{at}/behaviour", behaviour)
        })
        {
            yield return fault;
        }
    }

    private static IReadOnlyList<PlaybookFault> OfFields(string at, UnreadCondition when, Vocabulary vocabulary) =>
        when.Faults(at, vocabulary, out var read) is var faults && read is not null && !Satisfiability.CanHold(read)
            ? [new(at, "playbook.rule-never-fires", "No lead can be so.")] : [.. faults];

    private static IEnumerable<PlaybookFault> OnlyOfBehaviour(string at, PointsRuleSection rule) =>
        (((string Name, int? Value)[])[("cap", rule.Cap), ("halfLifeDays", rule.HalfLifeDays)]).Where(member => member.Value is not null)
            .Select(member => new PlaybookFault(
                $"{at}/{member.Name}", "playbook.points-for",
                "Points for what is known of a lead are given once and stay while it is so."));

    private static IReadOnlyList<PlaybookFault> OfBehaviour(string at, string behaviour) =>
        LeadBehaviour.Kinds.Contains(behaviour.Split(':')[0])
            ? []
            : [new(at, "playbook.rule-never-fires", $"No lead does '{behaviour}'; there are {string.Join(", ", LeadBehaviour.Kinds)}.")];
}
