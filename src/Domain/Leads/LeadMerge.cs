namespace Crm.Domain.Leads;

/// <summary>What a merge, or taking one back, leads to on the stream of either lead.</summary>
/// <param name="Part">The lead that is, or was, part of the other.</param>
/// <param name="Whole">The other.</param>
public sealed record LeadMergeFacts(IReadOnlyList<ILeadEvent> Part, IReadOnlyList<ILeadEvent> Whole);

/// <summary>Two leads turn out to be one. Both keep their histories: one becomes part of the other, and can be taken out again.</summary>
public static class LeadMerge
{
    /// <param name="part">The lead that becomes part of the other.</param>
    /// <param name="said">Which lead it is, and how one knows; what it brings is added here.</param>
    /// <param name="whole">The one that remains.</param>
    /// <param name="into">The lead whose key it shares, or which was named: the whole, or a part of it.</param>
    /// <exception cref="Rejection">They cannot be one.</exception>
    public static LeadMergeFacts Decide(Lead part, LeadAbsorbed said, Lead whole, Guid into)
    {
        if (part.Captured is null || whole.Captured is null)
        {
            throw Unknown();
        }

        if (part.MergedInto == into && whole.Absorbed.ContainsKey(said.LeadId))
        {
            return new([], []);
        }

        if (part.MergedInto is not null || whole.MergedInto is not null)
        {
            throw Merged();
        }

        if (part.Qualified is not null)
        {
            throw Rejection.WrongState("lead.qualified", whole.Qualified is null
                ? "This lead was qualified and has an opportunity; merge the other one into it."
                : "Both leads were qualified, and each has its opportunity; they stay two.");
        }

        return new([new LeadMerged(into)], [(said with { Touches = part.TouchCount, Captures = part.CaptureCount }).Lending(part.Details)]);
    }

    /// <param name="id">The lead that is to be one of its own again.</param>
    /// <param name="from">The lead that it is part of, however it came there.</param>
    /// <param name="history">All facts of that lead, in fold order.</param>
    /// <exception cref="Rejection">There is no such lead, or it is part of one that is itself part of a third.</exception>
    public static LeadSeparation TakeBack(Guid id, Lead part, Lead whole, Guid from, IReadOnlyList<ILeadEvent> history)
    {
        if (part.Captured is null)
        {
            throw Unknown();
        }

        if (part.MergedInto is { } into && !whole.Absorbed.ContainsKey(id))
        {
            throw Rejection.WrongState("lead.merged-below", $"This lead came to {from} as part of another one, {into}; unmerge that one first.");
        }

        return new LeadSeparation(id, part, whole, from, history);
    }

    public static Rejection Merged() => Rejection.WrongState("lead.merged", "This lead is part of another one; go on with that one, or unmerge it first.");

    private static Rejection Unknown() => Rejection.Unknown("lead.unknown", "There is no such lead.");
}
