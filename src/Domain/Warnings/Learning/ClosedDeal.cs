using Crm.Domain.Opportunities;

namespace Crm.Domain.Warnings.Learning;

/// <summary>An opportunity of which it is known how it ended.</summary>
/// <param name="FirstClosedAt">When it was won or lost for the first time: nothing is read of it from then on.</param>
/// <param name="ClosedAt">When it was so for the last time, by which it is known.</param>
public readonly record struct ClosedDeal(
    Guid Id, DateTimeOffset OpenedAt, DateTimeOffset FirstClosedAt, DateTimeOffset ClosedAt, bool IsLost)
{
    /// <summary>How long it was open, in whole days.</summary>
    public int Days => (int)(FirstClosedAt - OpenedAt).TotalDays;

    /// <summary>Whether it was still open at an age.</summary>
    public bool IsOpenAt(int ageDays) => OpenedAt.AddDays(ageDays) < FirstClosedAt;

    /// <summary>Null of one that is open, and of what is a test, or junk.</summary>
    public static ClosedDeal? Of(Guid id, DealStory story)
    {
        var closings = story.Facts.Where(fact => fact.Event is OpportunityWon or OpportunityLost).ToList();
        var opened = story.Facts.FirstOrDefault(fact => fact.Event is OpportunityOpened);
        return opened is null || closings.Count == 0 || story.Deal is not { IsClosed: true, Flag: null } deal ? null
            : new(id, opened.At, closings[0].At, closings[^1].At, deal.Lost is not null);
    }
}

/// <summary>One to learn from, or to judge by.</summary>
public sealed record DealExample(ClosedDeal Deal, DealReading Reading);
