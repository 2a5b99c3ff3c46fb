using Crm.Api.Http;
using Crm.Domain.Commitments;

namespace Crm.Api.Commitments;

/// <param name="CustomerId">Only those of which a promise to this customer is part.</param>
/// <param name="CommitmentId">Only those of which this promise is part.</param>
/// <param name="Product">Only those about this product.</param>
/// <param name="Rep">Only those of which a promise of this rep is part.</param>
public sealed record ClashQuestion(Times Times, Guid? CustomerId = null, Guid? CommitmentId = null, string? Product = null,
    string? Rep = null)
{
    internal bool Holds(CommitmentClash clash) =>
        clash.Promises.Any(one => CustomerId is null || one.CustomerId == CustomerId)
            && clash.Promises.Any(one => CommitmentId is null || one.Id == CommitmentId)
        && clash.Promises.Any(one => Rep is null || one.Rep == Rep);
}

/// <param name="State"><c>open</c> or <c>kept</c>: what was delivered has used up its part of a plan.</param>
public sealed record ClashingPromise(
    Guid Id, Guid CustomerId, string Kind, string Product, decimal? Quantity, string? Terms, DateTimeOffset DueAt, string Rep, string State)
{
    internal static ClashingPromise Of(StandingPromise one) => new(
        one.Id, one.CustomerId, one.Kind, one.Product, one.Quantity, one.Terms, one.DueAt, one.Rep, one.IsOpen ? "open" : "kept");
}

/// <param name="StartsAt">What is due then is in it.</param>
/// <param name="EndsAt">What is due then is not in it any more.</param>
public sealed record ClashingPlan(Guid Id, string Product, DateTimeOffset StartsAt, DateTimeOffset EndsAt, decimal Quantity)
{
    internal static ClashingPlan Of(PlannedSpan plan) => new(plan.Id, plan.Product, plan.StartsAt, plan.EndsAt, plan.Quantity);
}

/// <summary>Promises of which not all can be kept.</summary>
/// <param name="Why"><c>other-terms</c>: two promises of the same kind and product to the same customer say different things.
/// <c>beyond-plan</c>: more was promised for a span than is planned to be delivered.</param>
/// <param name="Promises">Both, or all that fall into the span; those that are due first at the front.</param>
/// <param name="Differs">In what two of them differ: <c>dueAt</c>, <c>quantity</c>, <c>terms</c>; empty of those beyond a plan.</param>
/// <param name="Plan">Which plan does not suffice; null of two with other terms.</param>
/// <param name="Promised">How much was promised for its span; null of two with other terms.</param>
/// <param name="Excess">How much of that is too much.</param>
public sealed record ClashAnswer(
    string Why, IReadOnlyList<ClashingPromise> Promises, IReadOnlyList<string> Differs, ClashingPlan? Plan, decimal? Promised,
    decimal? Excess)
{
    internal static ClashAnswer Of(CommitmentClash clash)
    {
        IReadOnlyList<ClashingPromise> promises = [.. clash.Promises.Select(ClashingPromise.Of)];
        return clash is CommitmentClash.BeyondPlan beyond
            ? new("beyond-plan", promises, [], ClashingPlan.Of(beyond.Plan), beyond.Promised, beyond.Excess)
            : new("other-terms", promises, ((CommitmentClash.OtherTerms)clash).Differs, null, null, null);
    }
}

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="Total">How many there are; at most the first thousand are given.</param>
public sealed record ClashesAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, int Total, IReadOnlyList<ClashAnswer> Items);
