using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Leads;
using Crm.Api.Notifications.Sending;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Nurture;

/// <summary>Has leads sent mails, and says how that goes.</summary>
public sealed class NurtureDesk(Commands commands, Store store, Records records, Policies policies, Writes writes)
{
    public async Task<IResult> Start(Guid id, StartNurtureRequest r, Call call, CancellationToken ct)
    {
        var policy = await policies.Now(call.By.Tenant, ct);
        return await Decide(id, call, policy?.Version, (lead, clock) =>
            NurtureLead.Start(lead, clock, r.Sequence, policy?.Policy, policy?.Version ?? 0, r.Reason, store.Clock.GetUtcNow()), ct);
    }

    public Task<IResult> Stop(Guid id, StopNurtureRequest r, Call call, CancellationToken ct) =>
        Decide(id, call, playbook: null, (lead, clock) =>
        lead.Captured is null ? throw Rejection.Unknown("lead.unknown", "There is no such lead.")
            : clock.Nurture is { NextAt: not null } running ? [new LeadNurtureEnded(running.Sequence, NurtureEnd.Stopped, r.Reason)] : [],
            ct);

    /// <exception cref="Rejection">There is no such lead, or it is out of sight.</exception>
    public async Task<IResult> Of(Caller by, Guid id, Times times, IfNoneMatch held, CancellationToken ct)
    {
        var missing = Rejection.Unknown("lead.unknown", "There is no such lead.");
        var (lens, events) = await records.Stream<ILeadEvent>(LeadAnswer.List, by, id, times, missing, ct);
        List<Recorded> stream = [.. events.Where(e => e.OccurredAt < lens.Until)];
        if (stream.TrueForAll(e => e.Data is not LeadCaptured))
        {
            throw lens.Missing(missing);
        }

        var clock = TimedLead.Of(stream, store.Types).Clock;
        var started = stream.LastOrDefault(e => e.Data is LeadNurtureStarted);
        var after = started is null ? [] : stream.Where(e => e.Version > started.Version).ToList();
        var (begun, ended) = ((LeadNurtureStarted?)started?.Data, after.Select(e => e.Data).OfType<LeadNurtureEnded>().LastOrDefault());
        var mailed = after.Where(e => e.Data is LeadNurtureMailed).ToDictionary(e => ((LeadNurtureMailed)e.Data).Step);
        var (next, why) = (clock.Nurture?.NextAt, ended?.Because ?? clock.Nurture?.Stop);
        return new Found(new NurtureAnswer(
            id, begun?.Sequence, begun?.Playbook, begun is null ? "none" : why is null ? "running" : "ended",
            why is { } because ? ChoiceShape.Spell(because.ToString()) : null, next, clock.IsUnsubscribed,
            [.. (begun?.Moments ?? []).Select((moment, i) => mailed.TryGetValue(i + 1, out var e)
                ? new NurtureMailAnswer(i + 1, moment.Template, ((LeadNurtureMailed)e.Data).DueAt, e.OccurredAt,
                    MessageIds.OfNurture(by.Tenant, e.EventId))
                : new NurtureMailAnswer(i + 1, moment.Template, i == mailed.Count && next is { } due ? due : moment.At, null, null))]),
                    stream[^1].Version, held);
    }

    private async Task<IResult> Decide(Guid id, Call call, long? playbook, Func<Lead, LeadClock, IReadOnlyList<ILeadEvent>> decide,
        CancellationToken ct) =>
        writes.Answer(await commands.Send(call, async () =>
        {
            var (_, clock, known, _) = TimedLead.Of(await store.ReadStream(call.By.Tenant, id, null, ct), store.Types);
            var (_, seen) = Commands.SeenBy(call.By, LeadDecider.Instance, (known, known));
            return new Decision(seen.Version, [Captures.PartOf(id, seen, decide((Lead)seen.State, clock))]);
        }, playbook, ct), createdUnder: null);
}
