using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventStore;

namespace Crm.Api.Leads;

/// <summary>
/// The one way in for leads, whether typed, sent by a form or a program, or read from a file: what is known already becomes part of the lead
/// that knows it. Two captures at the same moment never make two leads, since their keys are claims.
/// </summary>
public sealed class Captures(Commands commands, Store store, LeadKeys keys)
{
    private const int MostSteps = 100;

    /// <param name="id">For the new lead, or for the capture as a part of another.</param>
    /// <returns>What was written; first of the lead that is to be gone on with.</returns>
    public Task<Written> Send(Guid id, CaptureLead command, LeadSignature signature, Call call, CancellationToken ct) => commands.Send(call, async fresh =>
    {
        var (asAt, latest) = await commands.State(LeadDecider.Instance, call.By.Tenant, id, command, call.OccurredAt, ct, fresh);
        var own = new Part(id, LeadDecider.Instance.StreamType, latest, Commands.Decide(LeadDecider.Instance, asAt, latest, command), Evolve);
        return await Attach(call.By.Tenant, own, signature, fresh, ct);
    }, playbookVersion: null, ct);

    /// <summary>A capture that is new, as part of the lead that has one of its keys already; otherwise as it is, taking those keys that are free.</summary>
    public async Task<Decision> Attach(string tenant, Part own, LeadSignature signature, bool fresh, CancellationToken ct) =>
        IsCapture(own) ? await Attach(tenant, own, await Look(tenant, signature, ct), fresh, ct) : new Decision(own.Latest.Version, [own]);

    /// <summary>Whether there is anything to attach.</summary>
    public static bool IsCapture(Part own) => own.Events.OfType<LeadCaptured>().Any();

    /// <summary>Who holds a lead's keys. Those who ask at the same time are answered together.</summary>
    public async Task<LeadHolders> Look(string tenant, LeadSignature signature, CancellationToken ct)
    {
        var mine = keys.Of(tenant, signature);
        return new(mine, mine.Count > 0 ? await store.Holders(tenant, [.. mine.Select(key => key.Claim)], ct) : new Dictionary<(string, string), Guid>());
    }

    /// <inheritdoc cref="Attach(string, Part, LeadSignature, bool, CancellationToken)"/>
    /// <param name="known">Who held its keys when they were looked up; the append will tell where that is no longer so.</param>
    public async Task<Decision> Attach(string tenant, Part own, LeadHolders known, bool fresh, CancellationToken ct)
    {
        var (mine, holders) = known;
        List<Claim> claims = [.. mine.Where(key => !holders.ContainsKey(key.Claim)).Select(key => new Claim(key.Kind, key.Key, own.Stream))];
        Guid? previous = null;
        foreach (var holder in mine.Where(key => key.Tells && holders.ContainsKey(key.Claim)).Select(key => holders[key.Claim]).Where(holder => holder != own.Stream).Distinct())
        {
            var (id, whole) = await Whole(tenant, holder, fresh, ct);
            var held = mine.Where(key => key.Tells && holders.GetValueOrDefault(key.Claim) == holder).ToList();
            if (whole.State is Lead { Captured: not null, IsClosed: false })
            {
                var lead = own.Events.Aggregate((Lead)own.Latest.State, (state, e) => Lead.Evolve(state, (ILeadEvent)e));
                var said = new LeadAbsorbed(own.Stream, Touches: 0, holder == id ? null : holder, [.. held.Select(key => key.By)]);
                var facts = LeadMerge.Decide(lead, said, (Lead)whole.State, holder);
                return new Decision(whole.Version, [With(whole, id, facts.Whole, own), With(own, own.Events.Concat(facts.Part))]) { Claims = claims, Status = StatusCodes.Status200OK };
            }

            // What is closed nobody looks at any more. Whoever comes back begins anew, and from now on is known by the new lead.
            previous ??= ((Lead)whole.State).Captured is null ? null : id;
            claims.AddRange(held.SelectMany(key => (Claim[])[new(key.Kind, key.Key, holder, Take: false), new(key.Kind, key.Key, own.Stream)]));
        }

        return new Decision(own.Latest.Version, [previous is null ? own : With(own, own.Events.Select(e => e is LeadCaptured x ? x with { Previous = previous } : e))]) { Claims = claims };
    }

    /// <summary>A touch with a lead, or with a part of one: then the whole has it, and gives it back when they part.</summary>
    public Task<Written> Touch(Guid lead, TouchLead command, Call call, CancellationToken ct) => commands.Send(call, async fresh =>
    {
        var (id, _) = await Whole(call.By.Tenant, lead, fresh, ct);
        var said = id == lead ? command : command with { Via = lead };
        var (asAt, latest) = Commands.SeenBy(
            call.By, LeadDecider.Instance, await commands.State(LeadDecider.Instance, call.By.Tenant, id, said, call.OccurredAt, ct));
        return new Decision(latest.Version, [PartOf(id, latest, Commands.Decide(LeadDecider.Instance, asAt, latest, said))]);
    }, playbookVersion: null, ct);

    /// <summary>The lead that a lead is part of, through however many others; itself where it is none.</summary>
    public async Task<(Guid Id, Known Known)> Whole(string tenant, Guid lead, bool fresh, CancellationToken ct)
    {
        var (id, part) = (lead, default(Guid?));
        for (var step = 0; step < MostSteps; step++)
        {
            var (_, known) = await commands.State(LeadDecider.Instance, tenant, id, default(ILeadCommand)!, occurredAt: null, ct, fresh);
            var state = (Lead)known.State;
            if (state.MergedInto is { } into)
            {
                (id, part) = (into, id);
                continue;
            }

            // Another process may have parted them, and one of the two states in memory be from before.
            return fresh || part is not { } of || state.Absorbed.ContainsKey(of) ? (id, known) : await Whole(tenant, lead, fresh: true, ct);
        }

        throw LeadMerge.Merged();
    }

    /// <summary>The part of a decision that concerns one lead.</summary>
    /// <param name="times">When each fact happened; none where all did when the call says.</param>
    public static Part PartOf(Guid lead, Known known, IEnumerable<ILeadEvent> facts, IReadOnlyList<DateTimeOffset?>? times = null) =>
        new(lead, LeadDecider.Instance.StreamType, known, facts, Evolve) { Times = times ?? [] };

    // The whole hears of it when the capture happened.
    private static Part With(Known whole, Guid id, IReadOnlyList<ILeadEvent> facts, Part own) =>
        new(id, LeadDecider.Instance.StreamType, whole, facts, Evolve) { Times = own.Times.Count > 0 ? [own.Times[0]] : [], Undated = own.Undated };

    private static Part With(Part own, IEnumerable<object> facts)
    {
        var all = facts.ToList();
        return new(own.Stream, LeadDecider.Instance.StreamType, own.Latest, all, Evolve)
        {
            Times = own.Times.Count > 0 ? [.. own.Times, .. all.Skip(own.Times.Count).Select(_ => own.Times[^1])] : [],
            Undated = own.Undated
        };
    }

    private static object Evolve(object state, object e) => Lead.Evolve((Lead)state, (ILeadEvent)e);
}
