using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Leads;
using Crm.Api.Notifications.Sending;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Nurture;

/// <summary>Has leads sent mails, and says how that goes.</summary>
public sealed class NurtureDesk(Commands commands, Store store, Records records, Policies policies, RefusedMail refused, Sealer sealer,
    Writes writes)
{
    public async Task<IResult> Start(Guid id, StartNurtureRequest r, Call call, CancellationToken ct)
    {
        var policy = await policies.Now(call.By.Tenant, ct);
        return await Decide(id, call, policy?.Version, async (lead, clock) =>
        {
            var asWanted = clock with { IsUnsubscribed = await refused.IsUnwanted(call.By.Tenant, lead, clock, ct) };
            return NurtureLead.Start(
                lead, asWanted, r.Sequence, policy?.Policy, policy?.Version ?? 0, r.Reason, store.Clock.GetUtcNow());
        }, ct);
    }

    public Task<IResult> Stop(Guid id, StopNurtureRequest r, Call call, CancellationToken ct) =>
        Decide(id, call, playbook: null, (lead, clock) => Task.FromResult<IReadOnlyList<ILeadEvent>>(
            lead.Captured is null ? throw Unknown()
            : clock.Nurture is { NextAt: not null } running ? [new LeadNurtureEnded(running.Sequence, NurtureEnd.Stopped, r.Reason)] : []),
                ct);

    /// <summary>Whoever it is wants mails again, by this lead, by all that are part of it, and at its address in whatever lead.</summary>
    public async Task<IResult> Resubscribe(Guid id, ResubscribeLeadRequest r, Call call, CancellationToken ct)
    {
        var seal = new Seal(sealer, call.By.Tenant, person: id, isNew: false, ct);
        var said = new LeadResubscribed(await seal.Required(r.Reason));
        return writes.Answer(await commands.Send(call with { PersonKeys = seal.Made }, async () =>
        {
            var (lead, clock, seen) = await Seen(id, call.By, ct);
            _ = lead.Captured ?? throw Unknown();
            var claim = await refused.ClaimOf(call.By.Tenant, lead, ct);
            var holder = await refused.HolderOf(call.By.Tenant, claim, ct);
            var parts = (await refused.Parts(call.By.Tenant, lead, ct)).Where(part => part.Value.Clock.IsUnsubscribed).ToList();
            var isWanted = !clock.IsUnsubscribed && holder is null && parts.Count == 0;
            return new Decision(seen.Version, [Captures.PartOf(id, seen, isWanted ? [] : [said]),
                .. parts.Select(part => Captures.PartOf(part.Key, part.Value.Known, [said]))])
            {
                Claims = holder is { } held ? [new Claim(claim!.Value.Kind, claim.Value.Key, held, Take: false)] : []
            };
        }, playbookVersion: null, ct), createdUnder: null);
    }

    /// <exception cref="Rejection">There is no such lead, or it is out of sight.</exception>
    public async Task<IResult> Of(Caller by, Guid id, Times times, IfNoneMatch held, CancellationToken ct)
    {
        var missing = Unknown();
        var (lens, events) = await records.Stream<ILeadEvent>(LeadAnswer.List, by, id, times, missing, ct);
        List<Recorded> stream = [.. events.Where(e => e.OccurredAt < lens.Until)];
        if (stream.TrueForAll(e => e.Data is not LeadCaptured))
        {
            throw lens.Missing(missing);
        }

        var (lead, clock, _, _) = TimedLead.Of(stream, store.Types);
        var started = stream.LastOrDefault(e => e.Data is LeadNurtureStarted);
        var after = started is null ? [] : stream.Where(e => e.Version > started.Version).ToList();
        var (begun, ended) = ((LeadNurtureStarted?)started?.Data, after.Select(e => e.Data).OfType<LeadNurtureEnded>().LastOrDefault());
        var mailed = after.Where(e => e.Data is LeadNurtureMailed).ToDictionary(e => ((LeadNurtureMailed)e.Data).Step);
        var (next, why) = (clock.Nurture?.NextAt, ended?.Because ?? clock.Nurture?.Stop);
        return new Found(new NurtureAnswer(
            id, begun?.Sequence, begun?.Playbook, begun is null ? "none" : why is null ? "running" : "ended",
            why is { } because ? ChoiceShape.Spell(because.ToString()) : null, next,
            times == new Times() ? await refused.IsUnwanted(by.Tenant, lead, clock, ct) : clock.IsUnsubscribed,
            [.. (begun?.Moments ?? []).Select((moment, i) => mailed.TryGetValue(i + 1, out var e)
                ? new NurtureMailAnswer(i + 1, moment.Template, ((LeadNurtureMailed)e.Data).DueAt, e.OccurredAt,
                    MessageIds.OfNurture(by.Tenant, e.EventId))
                : new NurtureMailAnswer(i + 1, moment.Template, i == mailed.Count && next is { } due ? due : moment.At, null, null))]),
            stream[^1].Version, lead.Details?.Email is null ? held
                : IfNoneMatch.Nothing(held.Request));   // an address comes to want none by other leads
    }

    private async Task<IResult> Decide(Guid id, Call call, long? playbook, Func<Lead, LeadClock, Task<IReadOnlyList<ILeadEvent>>> decide,
        CancellationToken ct) =>
        writes.Answer(await commands.Send(call, async () =>
        {
            var (lead, clock, seen) = await Seen(id, call.By, ct);
            return new Decision(seen.Version, [Captures.PartOf(id, seen, await decide(lead, clock))]);
        }, playbook, ct), createdUnder: null);

    private async Task<(Lead Lead, LeadClock Clock, Known Seen)> Seen(Guid id, Caller by, CancellationToken ct)
    {
        var (_, clock, known, _) = TimedLead.Of(await store.ReadStream(by.Tenant, id, null, ct), store.Types);
        var (_, seen) = Commands.SeenBy(by, LeadDecider.Instance, (known, known));
        return ((Lead)seen.State, clock, seen);
    }

    private static Rejection Unknown() => Rejection.Unknown("lead.unknown", "There is no such lead.");
}
