using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Leads;

/// <summary>Makes one lead of two, and two of them again. Each is one append over both, so there is never half of it.</summary>
public sealed class Merges(Commands commands, Captures captures, Store store)
{
    private const int MostGoing = 1000;

    public Task<Written> Merge(Guid id, Guid into, Call call, CancellationToken ct) => commands.Send(call, async fresh =>
    {
        if (id == into)
        {
            throw Rejection.BrokenRule("lead.merge-itself", "A lead cannot be merged into itself.", "into");
        }

        var (part, whole) = (await Seen(id, call.By, fresh, ct), await Seen(into, call.By, fresh, ct));
        if (((Lead)part.State).Captured is not null && ((Lead)whole.State).Captured is null)
        {
            throw Rejection.BrokenRule("lead.merge-unknown", "There is no such lead to merge into.", "into");
        }

        var said = new LeadAbsorbed(id, Touches: 0, LastTouchAt: LastTouch(await Facts(call.By.Tenant, id, ct)));
        var facts = LeadMerge.Decide((Lead)part.State, said, (Lead)whole.State, into);
        return new Decision(part.Version, [Captures.PartOf(into, whole, facts.Whole), Captures.PartOf(id, part, facts.Part)]);
    }, playbookVersion: null, ct);

    /// <summary>Takes a merge back. What came in between goes to the lead that it belongs to, at the times when it happened.</summary>
    public Task<Written> Unmerge(Guid id, Call call, CancellationToken ct) => commands.Send(call, async fresh =>
    {
        var part = await Seen(id, call.By, fresh, ct);
        var (from, whole) = ((Lead)part.State).MergedInto is { } into ? await captures.Whole(call.By.Tenant, into, fresh, ct) : (id, part);
        var history = await Facts(call.By.Tenant, from, ct);
        var taken = LeadMerge.TakeBack(id, (Lead)part.State, (Lead)whole.State, from, [.. history.Select(fact => (ILeadEvent)fact.Data)]);
        if (taken.Between.Count > MostGoing)
        {
            throw Rejection.WrongState("lead.unmerge-many", $"{taken.Between.Count} captures and touches would go at once, and at most {MostGoing} can; unmerge some of those leads first.");
        }

        var facts = taken.Facts(LastTouch([.. history.Where((_, place) => taken.Stays(place))]));
        IReadOnlyList<DateTimeOffset?> times = [.. facts.Part.Select(_ => (DateTimeOffset?)null), .. taken.Between.Select(fact => history[fact.Place].OccurredAt)];
        return new Decision(part.Version,
        [
            Captures.PartOf(id, part, [.. facts.Part, .. taken.Between.Select(fact => fact.Fact)], times),
            .. from == id ? [] : new[] { Captures.PartOf(from, whole, facts.Whole) }
        ]);
    }, playbookVersion: null, ct);

    private async Task<Known> Seen(Guid id, Caller by, bool fresh, CancellationToken ct) => Commands.SeenBy(
        by, LeadDecider.Instance, await commands.State(LeadDecider.Instance, by.Tenant, id, default(ILeadCommand)!, occurredAt: null, ct, fresh)).Latest;

    private async Task<IReadOnlyList<Recorded>> Facts(string tenant, Guid lead, CancellationToken ct) =>
        [.. FoldOrder.Of(await store.ReadStream(tenant, lead, null, ct), store.Types).Where(fact => fact.Data is ILeadEvent)];

    private static DateTimeOffset? LastTouch(IReadOnlyList<Recorded> facts) => facts.Select(fact => fact.Data switch
    {
        LeadAbsorbed e => e.LastTouchAt ?? fact.OccurredAt,
        LeadCaptured or LeadTouched => fact.OccurredAt,
        _ => (DateTimeOffset?)null
    }).Max();
}
