using Crm.Domain.Conditions;

namespace Crm.Domain.Playbooks;

/// <summary>What is wrong with a condition of a playbook.</summary>
internal static class ConditionCheck
{
    /// <param name="read">The condition; null where it cannot be read.</param>
    public static IEnumerable<PlaybookFault> Faults(this UnreadCondition condition, string at, Vocabulary vocabulary, out Condition? read)
    {
        read = condition.Read(vocabulary, out var faults);
        return
        [
            .. faults.Select(fault => new PlaybookFault($"{at}{fault.Where}", "playbook.condition", fault.Message)),
            .. read is null ? [] : Strangers(read, at, vocabulary)
        ];
    }

    // Lists may still be asked for what could once be chosen; a rule that asks for it would wait for ever.
    private static IEnumerable<PlaybookFault> Strangers(Condition condition, string at, Vocabulary vocabulary) => condition switch
    {
        Condition.All all => all.Parts.SelectMany((part, i) => Strangers(part, $"{at}/all/{i}", vocabulary)),
        Condition.Any any => any.Parts.SelectMany((part, i) => Strangers(part, $"{at}/any/{i}", vocabulary)),
        Condition.Not not => Strangers(not.Part, $"{at}/not", vocabulary),
        Condition.Test { Operator: Operator.Eq or Operator.Ne or Operator.In } test when vocabulary.Choices.TryGetValue(test.Field.Name, out var choices) =>
            test.Values.OfType<string>().Where(value => !choices.Contains(value)).Select(value => new PlaybookFault(
                $"{at}/value", "playbook.condition", $"{test.Field.Name} is never '{value}'; it is one of {string.Join(", ", choices)}.")),
        _ => []
    };
}
