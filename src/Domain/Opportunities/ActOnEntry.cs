using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>A fact of an opportunity, with its id and when it happened.</summary>
public readonly record struct OpportunityFact(Guid Id, IOpportunityEvent Event, DateTimeOffset At);

/// <summary>An action that a stage asks for when an opportunity comes to it.</summary>
/// <param name="Entry">The fact by which it came.</param>
public sealed record EntryAction(EntryActionSection Section, string Stage, Guid Entry, long Playbook);

/// <summary>
/// What the stages to which an opportunity came ask for and was not done yet. Each action is done once for each entry, which its fact tells
/// apart; by the version under which it came, and of what has happened since that was in force. What files tell names no version.
/// </summary>
public static class ActOnEntry
{
    /// <param name="facts">All that stand, in the order in which they are folded.</param>
    /// <param name="entries">The facts by which it came that are looked at.</param>
    /// <param name="published">A version of the playbook; null where there is none of that number.</param>
    public static IReadOnlyList<EntryAction> React(
        IReadOnlyList<OpportunityFact> facts, IReadOnlyCollection<Guid> entries, Func<long, PlaybookPublished?> published)
    {
        var (deal, due) = (Opportunity.None, new List<EntryAction>());
        foreach (var (id, fact, at) in facts)
        {
            deal = Opportunity.Evolve(deal, fact);
            if (entries.Contains(id) && EnteredBy(fact) is ({ } stage, { } number) && published(number) is { } version
                && at >= version.From)
            {
                due.AddRange(Asked(deal, stage, version.Document).Select(action => new EntryAction(action, stage, id, number)));
            }
        }

        // Whoever is lost, or no business, is written to no more.
        var done = facts.Select(fact => fact.Event).OfType<OpportunityEntryActed>().Select(acted => (acted.Entry, acted.Action))
            .ToHashSet();
        return deal is { Lost: not null } or { Flag: not null } ? [] : [.. due.Where(one => !done.Contains((one.Entry, one.Section.Key)))];
    }

    /// <summary>What a stage asks for of an opportunity that comes to it.</summary>
    internal static IEnumerable<EntryActionSection> Asked(Opportunity deal, string stage, PlaybookDocument document)
    {
        var asked = document.Pipelines?.FirstOrDefault(one => one.Key == deal.Opened?.Pipeline)?.Stages
            .FirstOrDefault(one => one.Name == stage)?.OnEntry ?? [];
        var vocabulary = OpportunityFields.VocabularyOf(document);
        return asked.Where(action => action.When is not { } when || when.Read(vocabulary, out _)!.Holds(OpportunityFields.RowOf(deal)));
    }

    private static (string? Stage, long? Playbook) EnteredBy(IOpportunityEvent fact) => fact switch
    {
        OpportunityOpened e => (e.Stage, e.Playbook),
        OpportunityStageEntered e => (e.Stage, e.Playbook),
        OpportunityReopened e => (e.Stage, e.Playbook),
        _ => (null, null)
    };
}
