using Crm.Domain.Calendars;
using Crm.Domain.Conditions;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Warnings;

/// <summary>What a playbook says of early warnings, made ready to warn by. It is made of playbooks that were published, and so have no
/// faults.</summary>
public sealed class WarningPolicy
{
    private readonly StagePolicy spans;

    private WarningPolicy(PlaybookDocument document, IZones zones)
    {
        spans = StagePolicy.Of(document, zones);
        var vocabulary = OpportunityFields.VocabularyOf(document);
        Rules = [.. (document.Warnings?.Rules ?? []).Select(rule => new Rule(rule, Read(rule.When), rule.Holds is null ? null
            : Read(rule.Holds)))];

        Condition Read(UnreadCondition? condition) => condition?.Read(vocabulary, out _) ?? Condition.Everything;
    }

    /// <param name="When">Of which opportunities it is a sign.</param>
    /// <param name="Holds">What is the sign; null where it is of another sort.</param>
    public sealed record Rule(WarningRuleSection Section, Condition When, Condition? Holds)
    {
        /// <inheritdoc cref="WarningRuleSection.Kind"/>
        public string Kind => Section.Kind;

        /// <summary>What a reader has to see of an opportunity to be told: as its answers call it.</summary>
        public IEnumerable<string> Members => Section.Kind switch
        {
            "rescheduled" => ["expectedClose"],
            "no-touch" => ["stage", "touches"],
            "decision-maker-changed" => ["customerId"],
            "silence" => ["touches"],
            "talk" => ["touches", "topics", "outcome"],
            _ => []
        };

        /// <summary>The fields that its conditions ask for.</summary>
        public IEnumerable<string> Asked => When.Asked.Concat(Holds?.Asked ?? []);
    }

    public IReadOnlyList<Rule> Rules { get; }

    public bool AsksForRoles => Rules.Any(rule => rule.Section.DecisionMakerChanged is not null);

    public static WarningPolicy Of(PlaybookDocument document, IZones zones) => new(document, zones);

    /// <summary>The first moment at which more than a span has gone by; null where it never will. The store's times have
    /// microseconds.</summary>
    public DateTimeOffset? Beyond(DateTimeOffset at, SpanSection span) => spans.After(at, span)?.AddMicroseconds(1);

    /// <summary>The stages of a pipeline from one on; none where it is not there.</summary>
    public IReadOnlyCollection<string> StagesFrom(string pipeline, string stage) =>
    [
        .. (spans.Document.Pipelines?.FirstOrDefault(one => one.Key == pipeline)?.Stages ?? []).Select(one => one.Name)
            .SkipWhile(name => name != stage)
    ];
}
