namespace Crm.Domain.Commitments;

/// <summary>A promise as it is held against others.</summary>
/// <param name="IsOpen">It is still to be kept; one that was kept has used up its part of a plan.</param>
/// <param name="Beside">Other promises that it stands beside.</param>
public sealed record StandingPromise(
    Guid Id, Guid CustomerId, string Kind, string Product, decimal? Quantity, string? Terms, DateTimeOffset DueAt, string Rep, bool IsOpen,
    IReadOnlySet<Guid> Beside);

/// <summary>What can be delivered of a product in a span of time, which holds its beginning and not its end.</summary>
public sealed record PlannedSpan(Guid Id, string Product, DateTimeOffset StartsAt, DateTimeOffset EndsAt, decimal Quantity);

/// <summary>Promises of which not all can be kept.</summary>
public abstract record CommitmentClash(IReadOnlyList<StandingPromise> Promises)
{
    /// <summary>What is measured against delivery plans.</summary>
    public const string Delivery = "delivery";

    /// <summary>Two promises of the same thing to the same customer.</summary>
    /// <param name="Differs">In what: <c>dueAt</c>, <c>quantity</c>, <c>terms</c>.</param>
    public sealed record OtherTerms(StandingPromise One, StandingPromise Other, IReadOnlyList<string> Differs)
        : CommitmentClash([One, Other]);

    /// <summary>More was promised for a span than can be delivered in it.</summary>
    /// <param name="Promised">All of it, what was delivered by now included.</param>
    public sealed record BeyondPlan(PlannedSpan Plan, IReadOnlyList<StandingPromise> Of, decimal Promised) : CommitmentClash(Of)
    {
        public decimal Excess => Promised - Plan.Quantity;
    }

    /// <summary>All clashes among promises, those that are due first at the front.</summary>
    /// <param name="promises">Those that are open, and deliveries that were kept.</param>
    public static IReadOnlyList<CommitmentClash> Among(IReadOnlyCollection<StandingPromise> promises, IEnumerable<PlannedSpan> plans)
    {
        var pairs = promises.Where(one => one.IsOpen).GroupBy(one => (one.CustomerId, one.Kind, one.Product)).SelectMany(Pairs);
        var deliveries = promises.Where(one => one.Kind == Delivery && one.Quantity is not null).ToLookup(one => one.Product);
        var beyond = plans.Select(plan => Held(plan, deliveries[plan.Product])).OfType<CommitmentClash>();
        return [.. pairs.Concat(beyond).OrderBy(clash => clash.Promises[0].DueAt).ThenBy(clash => clash.Promises[0].Id)
            .ThenBy(clash => clash.Promises[^1].Id)];
    }

    private static IEnumerable<CommitmentClash> Pairs(IEnumerable<StandingPromise> alike)
    {
        var inOrder = alike.OrderBy(one => one.DueAt).ThenBy(one => one.Id).ToList();
        return inOrder.SelectMany((one, i) => inOrder.Skip(i + 1)
            .Where(other => !one.Beside.Contains(other.Id) && !other.Beside.Contains(one.Id))
            .Select(other => new OtherTerms(one, other, Differing(one, other))).Where(pair => pair.Differs.Count > 0));
    }

    private static IReadOnlyList<string> Differing(StandingPromise one, StandingPromise other)
    {
        (string Name, bool Differs)[] members =
            [("dueAt", one.DueAt != other.DueAt), ("quantity", one.Quantity != other.Quantity), ("terms", one.Terms != other.Terms)];
        return [.. members.Where(member => member.Differs).Select(member => member.Name)];
    }

    // What was delivered is past helping: where nothing is open any more, nothing clashes.
    private static BeyondPlan? Held(PlannedSpan plan, IEnumerable<StandingPromise> deliveries)
    {
        var within = deliveries.Where(one => one.DueAt >= plan.StartsAt && one.DueAt < plan.EndsAt).OrderBy(one => one.DueAt)
            .ThenBy(one => one.Id).ToList();
        var promised = within.Sum(one => one.Quantity!.Value);
        return promised > plan.Quantity && within.Any(one => one.IsOpen) ? new(plan, within, promised) : null;
    }
}
