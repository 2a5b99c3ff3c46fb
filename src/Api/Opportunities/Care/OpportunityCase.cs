using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Api.Opportunities.Care;

/// <summary>An opportunity as it is decided on.</summary>
/// <param name="Known">What its stream came to.</param>
/// <param name="Facts">All that happened to it, in the order in which it is folded.</param>
/// <param name="New">What was decided so far.</param>
internal sealed record OpportunityCase(
    Opportunity Deal, StageClock Clock, Known Known, IReadOnlyList<Recorded> Facts, IReadOnlyList<(Guid Id, IOpportunityEvent Fact)> New)
{
    /// <summary>The version that the next fact will make.</summary>
    public long Next => Known.Version + New.Count + 1;

    /// <summary>Where in the log a fact of it stands.</summary>
    public long PositionOf(Guid fact) => Facts.First(one => one.EventId == fact).Position;

    /// <param name="stream">All of its events, in the order of their versions.</param>
    public static OpportunityCase Of(IReadOnlyList<Recorded> stream, EventTypes types)
    {
        var facts = FoldOrder.Of(stream, types).Where(fact => fact.Data is IOpportunityEvent).ToList();
        var deal = facts.Aggregate(Opportunity.None, (known, fact) => Opportunity.Evolve(known, (IOpportunityEvent)fact.Data));
        var clock = facts.Aggregate(
            StageClock.None, (known, fact) => StageClock.Evolve(known, (IOpportunityEvent)fact.Data, fact.OccurredAt));
        return new(deal, clock, Known.Of(stream, facts, deal), facts, []);
    }

    public OpportunityCase With(IOpportunityEvent fact, Guid id, DateTimeOffset now) => this with
    {
        Deal = Opportunity.Evolve(Deal, fact),
        Clock = StageClock.Evolve(Clock, fact, now),
        New = [.. New, (id, fact)]
    };

    /// <param name="cause">The event that it was looked at for; null where a moment had come.</param>
    public Part Part(Guid opportunity, Guid? cause) => new(
        opportunity, OpportunityDecider.Instance.StreamType, Known, New.Select(one => one.Fact),
        (state, e) => Opportunity.Evolve((Opportunity)state, (IOpportunityEvent)e))
    { EventIds = [.. New.Select(one => one.Id)], Causes = [.. New.Select(_ => cause?.ToString())] };
}
