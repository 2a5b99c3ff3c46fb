namespace Crm.Domain.Warnings.Learning;

/// <summary>
/// Closed deals in two parts, by when they were closed: those that were closed first are learned from, and those that were closed later
/// judge. So what is said of a combination was not known when it was found, as it will be of the deals that are open now.
/// </summary>
/// <param name="At">From then on they judge.</param>
/// <param name="AgeDays">As of which age deals are read; half of what deals that are learned from took, in the middle, unless it was
/// asked for.</param>
/// <param name="LeftAside">Closed deals that were closed before they were so old.</param>
public sealed record ClosingSplit(
    DateTimeOffset At, int AgeDays, IReadOnlyList<ClosedDeal> Learning, IReadOnlyList<ClosedDeal> HeldOut, int LeftAside)
{
    /// <param name="heldOutPercent">How many of the deals judge.</param>
    /// <returns>Null where there are no deals.</returns>
    public static ClosingSplit? Of(IEnumerable<ClosedDeal> closed, int heldOutPercent, int? ageDays)
    {
        var inOrder = closed.OrderBy(deal => deal.ClosedAt).ThenBy(deal => deal.Id).ToList();
        if (inOrder.Count == 0)
            return null;

        // What was closed in the same moment is in one part.
        var at = inOrder[(int)((long)inOrder.Count * (100 - heldOutPercent) / 100)].ClosedAt;
        var lives = inOrder.Where(deal => deal.ClosedAt < at).Select(deal => deal.Days).Order().ToList();
        var age = ageDays ?? Math.Max(1, lives.Count == 0 ? 1 : lives[lives.Count / 2] / 2);
        var read = inOrder.Where(deal => deal.IsOpenAt(age)).ToList();
        return new(
            at, age, [.. read.Where(deal => deal.ClosedAt < at)], [.. read.Where(deal => deal.ClosedAt >= at)], inOrder.Count - read.Count);
    }
}
