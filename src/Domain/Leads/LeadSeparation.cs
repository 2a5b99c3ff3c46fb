namespace Crm.Domain.Leads;

/// <summary>
/// What goes when a merge is taken back: the lead itself, all that came in by a key of it or of one of its parts, and the touches that were
/// recorded with one of those.
/// </summary>
public sealed class LeadSeparation
{
    private readonly Guid id, from;
    private readonly Lead part, whole;
    private readonly IReadOnlyList<ILeadEvent> history;
    private readonly HashSet<Guid> origins;
    private readonly IReadOnlyList<Guid> going;

    internal LeadSeparation(Guid id, Lead part, Lead whole, Guid from, IReadOnlyList<ILeadEvent> history)
    {
        (this.id, this.part, this.whole, this.from, this.history) = (id, part, whole, from, history);
        origins = Origins();
        going = part.MergedInto is null ? [] : [id, .. whole.Absorbed.Keys.Where(lead => lead != id && origins.Contains(lead)).Order()];
        Between = [.. InBetween()];
    }

    /// <summary>What came in between, as facts of the lead that it goes with, each with its place in the history of the whole.</summary>
    public IReadOnlyList<(ILeadEvent Fact, int Place)> Between { get; }

    /// <summary>Whether a fact of the whole says nothing of what goes.</summary>
    public bool Stays(int place) => history[place] switch
    {
        LeadAbsorbed e => !going.Contains(e.LeadId),
        LeadTouched { Via: { } via } => !origins.Contains(via),
        _ => true
    };

    /// <summary>The facts but for those in between; none where it is no part of anything.</summary>
    /// <param name="lastTouchAt">When the last touch was that stays.</param>
    public LeadMergeFacts Facts(DateTimeOffset? lastTouchAt)
    {
        if (going.Count == 0)
        {
            return new([], []);
        }

        var touches = going.Sum(lead => whole.Absorbed[lead].Touches) + whole.Touches.Values.Count(touch => touch.Via is { } via && origins.Contains(via));
        var captures = going.Sum(lead => whole.Absorbed[lead].Captures);
        return new([new LeadUnmerged(from)], [new LeadReleased([id, .. origins.Where(lead => lead != id).Order()], touches, captures, lastTouchAt)]);
    }

    private HashSet<Guid> Origins()
    {
        var found = part.MergedInto is null ? [] : part.Absorbed.Keys.Append(id).ToHashSet();
        for (var before = -1; before != found.Count;)
        {
            before = found.Count;
            found.UnionWith(whole.Absorbed.Values.Where(lead => lead.Via is { } via && found.Contains(via)).Select(lead => lead.LeadId));
        }

        return found;
    }

    private IEnumerable<(ILeadEvent, int)> InBetween()
    {
        // A lead that came, went and came again counts as it came last.
        var came = Enumerable.Range(0, history.Count).Where(place => history[place] is LeadAbsorbed)
            .GroupBy(place => ((LeadAbsorbed)history[place]).LeadId).ToDictionary(lead => lead.Key, lead => lead.Last());
        for (var place = 0; place < history.Count; place++)
        {
            switch (history[place])
            {
                case LeadAbsorbed e when e.LeadId != id && going.Contains(e.LeadId) && came[e.LeadId] == place:
                    yield return (e with { Via = Own(e.Via) }, place);
                    break;
                case LeadTouched { Via: { } via } e when origins.Contains(via) && whole.Touches.GetValueOrDefault(e.TouchId).Via is not null && !part.Touches.ContainsKey(e.TouchId):
                    yield return (e with { Via = Own(via) }, place);
                    break;
            }
        }
    }

    private Guid? Own(Guid? via) => via == id ? null : via;
}
