using System.Globalization;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Warnings.Learning;

/// <summary>What an open deal shows of what was learned from those that are closed: once it is as old as those were when they were
/// read.</summary>
public static class LearnedSigns
{
    /// <summary>Combinations that later deals bear out and that an opportunity shows at a moment; none of one that is not open
    /// then.</summary>
    public static IReadOnlyList<LearnedCombination> Of(DealStory story, WarningsLearned? learned, DateTimeOffset moment)
    {
        if (learned is null || story.Open is not [.., var open] || !open.Holds(moment) || !(Since(story, learned) <= moment)
            || DealReading.Of(story, learned.AgeDays) is not { } reading)
        {
            return [];
        }

        return [.. learned.Combinations.Where(one => one.Stands && one.Traits.All(reading.Has))];
    }

    /// <summary>When it is as old as they were; null where it was never opened.</summary>
    public static DateTimeOffset? Since(DealStory story, WarningsLearned learned) =>
        story.Facts.FirstOrDefault(fact => fact.Event is OpportunityOpened)?.At.AddDays(learned.AgeDays);

    /// <summary>What one says, in a line.</summary>
    public static string NameOf(LearnedCombination one) => string.Create(CultureInfo.InvariantCulture,
        $"lost {one.Lift:0.0#} times as often: {one.HeldOut.Lost} of {one.HeldOut.Deals} held-out deals");
}
