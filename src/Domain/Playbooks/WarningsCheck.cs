using Crm.Domain.Calendars;
using Crm.Domain.Conditions;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against early warnings: rules that are of no sort or of several, and those of which no opportunity could ever be a
/// case.</summary>
internal sealed class WarningsCheck
{
    private static readonly Field Pipeline = new("pipeline", FieldKind.Text);

    private readonly List<PlaybookFault> faults = [];
    private readonly PlaybookDocument document;
    private readonly Vocabulary vocabulary;

    private WarningsCheck(PlaybookDocument document) =>
        (this.document, vocabulary) = (document, OpportunityFields.VocabularyOf(document));

    /// <param name="isFaulty">Whether the document has other faults; then nothing is counted by its calendars.</param>
    public static IReadOnlyList<PlaybookFault> Of(PlaybookDocument document, IZones zones, bool isFaulty)
    {
        var check = new WarningsCheck(document);
        var rules = document.Warnings?.Rules ?? [];
        check.faults.AddRange(PlaybookFault.Twice("/warnings/rules", rules.Select(rule => rule.Key)));
        foreach (var (i, rule) in rules.Index())
        {
            var at = $"/warnings/rules/{i}";
            check.One(at, rule);
            check.faults.AddRange(LimitsCheck.OfSpan($"{at}/silence/after", rule.Silence?.After, document, zones, isFaulty));
            check.faults.AddRange(LimitsCheck.OfSpan($"{at}/noTouch/after", rule.NoTouch?.After, document, zones, isFaulty));
        }

        return check.faults;
    }

    private void One(string at, WarningRuleSection rule)
    {
        object?[] sorts = [rule.Rescheduled, rule.NoTouch, rule.DecisionMakerChanged, rule.Silence, rule.Talk, rule.Holds];
        if (sorts.Count(sort => sort is not null) != 1)
        {
            Wrong(at, "playbook.warning-of",
                "A warning is of rescheduled, noTouch, decisionMakerChanged, silence, talk or holds: one of them.");
        }

        if (rule.Key == WarningsSection.LearnedKey)
        {
            Wrong($"{at}/key", "playbook.key-reserved",
                $"'{rule.Key}' names what was learned from closed deals; name this rule otherwise.");
        }

        foreach (var (i, key) in (rule.Pipelines ?? []).Index().Where(one => Named(one.Item) is null))
        {
            Wrong($"{at}/pipelines/{i}", "playbook.pipeline-unknown", $"There is no pipeline '{key}' in this document.");
        }

        if (rule.NoTouch?.From is { } from && !Roads(rule).Any(road => road.Stages.Any(stage => stage.Name == from)))
        {
            Wrong($"{at}/noTouch/from", "playbook.stage-unknown",
                $"No pipeline of this rule has a stage '{from}': it would never warn of any opportunity.");
        }

        if (rule.Talk is { } talk && !(talk.Topics ?? []).Concat(talk.Words ?? []).Any())
        {
            Wrong($"{at}/talk", "playbook.warning-of", "Say what is talked of: topics of touches, or words in what they came to.");
        }

        var when = Read($"{at}/when", rule.When);
        var holds = Read($"{at}/holds", rule.Holds);
        if (!Satisfiability.CanHold(new Condition.All([Here(rule), when])))
        {
            Wrong($"{at}/when", "playbook.rule-never-fires", "No opportunity of these pipelines can be so: this would never warn.");
        }
        else if (!Satisfiability.CanHold(new Condition.All([Here(rule), when, holds])))
        {
            Wrong($"{at}/holds", "playbook.rule-never-fires", "No opportunity can be so: this would never warn.");
        }
    }

    private IEnumerable<PipelineSection> Roads(WarningRuleSection rule) => rule.Pipelines is null ? document.Pipelines ?? []
        : rule.Pipelines.Select(Named).OfType<PipelineSection>();

    private PipelineSection? Named(string key) => document.Pipelines?.FirstOrDefault(one => one.Key == key);

    private static Condition Here(WarningRuleSection rule) => rule.Pipelines is { Count: > 0 } keys
        ? new Condition.Test(Pipeline, Operator.In, [.. keys]) : Condition.Everything;

    private Condition Read(string at, UnreadCondition? condition)
    {
        Condition? read = null;
        faults.AddRange(condition?.Faults(at, vocabulary, out read) ?? []);
        return read ?? Condition.Everything;
    }

    private void Wrong(string pointer, string code, string message) => faults.Add(new(pointer, code, message));
}
