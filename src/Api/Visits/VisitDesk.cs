using System.Collections.Immutable;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Visits;

/// <summary>
/// Takes in what phones tell of visits, each by itself: a visit is a touch of its record, under an id that follows from phone and visit, so
/// that it is recorded once however often, in whatever order and from wherever it is told.
/// </summary>
public sealed class VisitDesk(
    Commands commands, Captures captures, CurrentPlaybook playbooks, Store store, Queries queries, Sealer sealer, VisitTrail trail)
{
    private const string Taken = "visit";
    private const string Photographed = "visit-photo";
    private const string Following = "visit-after";

    public static Guid IdOf(string tenant, string device, Guid clientId) =>
        StreamId.From(tenant, Taken, $"{device.Length}:{device}|{clientId}");

    public async Task<SyncVisitsAnswer> Sync(SyncVisitsRequest request, Caller by, string requestId, CancellationToken ct)
    {
        var said = request.Batch.Index().Where(item => item.Item.Value is not null)
            .Select(item => (Place: item.Index, Visit: item.Item.Value!)).OrderBy(item => item.Visit.OccurredAt).ToList();
        var round = new Round(request.DeviceId, by, requestId, await playbooks.Of(by.Tenant, ct));
        if (said.Count > 0)
        {
            (round.From, round.To) = (said[0].Visit.OccurredAt, said[^1].Visit.OccurredAt);
            await Look(round, ct);
        }

        var answers = request.Batch.Select((item, place) => Unread(item, place)).ToArray();
        var position = 0L;
        foreach (var (place, visit) in said)
        {
            (answers[place], var at) = await Take(round, visit, place, ct);
            position = Math.Max(position, at);
        }

        return new(answers, position > 0 ? queries.Token(position).ToString() : null);
    }

    private async Task<(SyncedVisit Answer, long Position)> Take(Round round, VisitRequest visit, int place, CancellationToken ct)
    {
        var id = IdOf(round.By.Tenant, round.Device, visit.ClientId);
        try
        {
            var (written, seen) = await Write(round, visit, id, ct);

            // What is told again otherwise was not there.
            if (visit.Position is { } position && written.Events > 0)
            {
                round.Stops.Add(new(id, visit.OccurredAt, position.Point, position.AccuracyMetres));
                round.Last = id;
            }

            var outcome = written.Events > 0 ? VisitOutcome.Created : VisitOutcome.Unchanged;
            var answer = new SyncedVisit(
                visit.ClientId.ToString(), outcome, id, seen?.IsNear, seen?.DistanceMetres, seen?.Doubts ?? [], Problem: null);
            return (answer, outcome == VisitOutcome.Created ? written.Position : 0);
        }
        catch (Exception refusal) when (refusal is Rejection or Problem { Status: < 500 })
        {
            var problem = refusal as Problem ?? Problem.From((Rejection)refusal);
            return (Refused(visit.ClientId.ToString(), RefusedVisit.Of(problem, place)), 0);
        }
    }

    private async Task Look(Round round, CancellationToken ct)
    {
        var (stops, last) = await trail.Of(round.By.Tenant, round.By.Rep, round.From, round.To, ct);
        (round.Stops, round.Last) = ([.. stops], last);
    }

    private async Task<(Written Written, Visit? Seen)> Write(Round round, VisitRequest r, Guid id, CancellationToken ct)
    {
        var (by, now) = (round.By, store.Clock.GetUtcNow());
        if (r.OccurredAt > now + Call.MostAhead)
        {
            throw Rejection.BrokenRule("time.ahead", $"The phone's clock is ahead: it was {now:yyyy-MM-ddTHH:mm:ssZ} when this came in.",
                "occurredAt");
        }

        MustKnowTicks(r, round.Playbook);
        var record = r.OpportunityId ?? r.LeadId ?? r.CustomerId!.Value;
        var seal = new Seal(sealer, by.Tenant, person: record, isNew: false, ct);
        var (note, where) = (await seal.Of(r.Note), await seal.Of(r.Position?.Point.ToString()));
        var call = new Call(by, r.OccurredAt, IfMatch: null, Key: null, round.RequestId, Source: "api") { PersonKeys = seal.Made };
        var told = new VisitTold(id, by.Rep, round.Device, r.OccurredAt, r.Position?.Point, r.Position?.AccuracyMetres, r.Ticks, r.Photos);
        Visit? seen = null;
        var tries = 0;
        var written = await commands.Send(call, async fresh =>
        {
            // Another of his phones may have told of a visit meanwhile.
            if (tries++ > 0)
            {
                await Look(round, ct);
            }

            List<(string Kind, string Key)> claims =
                [(Taken, id.ToString()), .. (r.Photos ?? []).Distinct().Select(photo => (Photographed, photo))];
            var held = await store.Holders(by.Tenant, claims, ct);
            if (held.TryGetValue((Taken, id.ToString()), out var other) && other != record)
            {
                throw Rejection.WrongState("visit.known",
                    "This phone has told of this visit before, of another record; give another one an id of its own.");
            }

            var (customer, address) = await Address(by.Tenant, r, ct);
            var photos = held.Where(one => one.Key.Kind == Photographed && one.Value != id)
                .ToDictionary(one => one.Key.Key, one => one.Value);
            var checkedNow = VisitCheck.Of(told, customer, address, round.Stops, photos, round.Rules, now);
            var isKnown = held.ContainsKey((Taken, id.ToString()));
            var (part, touches) = await Part(r, new(id, checkedNow, note, where, isKnown), call, fresh, ct);
            seen = part.Events.Count > 0 ? checkedNow : touches.GetValueOrDefault(id).Visit;
            return new Decision(part.Latest.Version, [part])
            {
                Claims =
                [
                    .. claims.Where(claim => !held.ContainsKey(claim))
                        .Select(claim => new Claim(claim.Kind, claim.Key, claim.Kind == Taken ? record : id)),

                    // One alone follows a visit: whoever did not see it looks again at where this person was.
                    .. r.Position is null || isKnown ? (Claim[])[] : [new(Following, $"{round.Last} {by.Rep}", id)]
                ]
            };
        }, round.Playbook.Version, ct);
        return (written, seen);
    }

    // Phones that were away may still have an older list.
    private static void MustKnowTicks(VisitRequest r, Playbook playbook)
    {
        var known = playbook.Published.SelectMany(one => one.Document.Visits?.Ticks ?? []).Select(tick => tick.Key).ToHashSet();
        var faults = (r.Ticks ?? []).Index().Where(tick => !known.Contains(tick.Item)).Select(tick => new RuleFault(
            $"/ticks/{tick.Index}", "visit.tick-unknown", $"No playbook has had '{tick.Item}' among what can be ticked off at visits."))
                .ToList();
        if (faults.Count > 0)
        {
            throw Rejection.BrokenRules("visit.tick-unknown", "Some of what was ticked off is unknown; errors names each.", faults);
        }
    }

    private async Task<(Guid? Customer, GeoPoint? Address)> Address(string tenant, VisitRequest r, CancellationToken ct)
    {
        var customer = r switch
        {
            { OpportunityId: { } deal } => (await commands.Latest(OpportunityDecider.Instance, tenant, deal, ct)).State.Details?.CustomerId,
            { LeadId: { } lead } => (await commands.Latest(LeadDecider.Instance, tenant, lead, ct)).State.Qualified?.CustomerId,
            _ => r.CustomerId
        };
        return (customer, customer is { } id ? (await commands.Latest(CustomerDecider.Instance, tenant, id, ct)).State.Location : null);
    }

    private async Task<(Part Part, ImmutableDictionary<Guid, TouchMade> Known)> Part(
        VisitRequest r, Facts said, Call call, bool fresh, CancellationToken ct)
    {
        var (id, visit, note, where, _) = said;
        if (r.LeadId is { } lead)
        {
            // What is said of a part the whole has, and gives back when they part.
            var (whole, _) = await captures.Whole(call.By.Tenant, lead, fresh, ct);
            return await Part(
                LeadDecider.Instance, whole,
                new TouchLead(id, r.Kind, Direction.Outbound, null, r.Outcome, r.Seconds, note, whole == lead ? null : lead, visit, where),
                state => state.Touches, said.AreKnown, call, fresh, ct);
        }

        return r.OpportunityId is { } deal
            ? await Part(
                OpportunityDecider.Instance, deal,
                new TouchOpportunity(id, r.Kind, Direction.Outbound, null, r.Outcome, r.Seconds, note, visit, where),
                state => state.Touches, said.AreKnown, call, fresh, ct)
            : await Part(
                CustomerDecider.Instance, r.CustomerId!.Value,
                new TouchCustomer(id, r.Kind, Direction.Outbound, null, r.Outcome, r.Seconds, note, visit, where),
                state => state.Touches, said.AreKnown, call, fresh, ct);
    }

    private async Task<(Part, ImmutableDictionary<Guid, TouchMade>)> Part<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, TCommand command,
        Func<TState, ImmutableDictionary<Guid, TouchMade>> touches,
        bool isKnown, Call call, bool fresh, CancellationToken ct)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        var (asAt, latest) = Commands.SeenBy(
            call.By, decider, await commands.State(decider, call.By.Tenant, stream, command, call.OccurredAt, ct, fresh));

        // Of a lead that became part of another meanwhile the touch stands where it was told.
        var facts = isKnown && latest.Version > 0 ? [] : Commands.Decide(decider, asAt, latest, command);
        return (new Part(stream, decider.StreamType, latest, facts.Cast<object>(), (state, e) => decider.Evolve((TState)state, (TEvent)e)),
            touches((TState)latest.State));
    }

    private static SyncedVisit Unread(Http.Shapes.Tried<VisitRequest> item, int place) => Refused(
        item.Said.Json is { ValueKind: JsonValueKind.Object } said && said.TryGetProperty("clientId", out var id)
            && id.ValueKind == JsonValueKind.String
            ? Http.Shapes.Place.Echo(Http.Shapes.WordShape.TextOf(id) ?? "") : null,
        RefusedVisit.Of(Problem.Invalid(item.Faults), place));

    private static SyncedVisit Refused(string? clientId, RefusedVisit why) =>
        new(clientId, VisitOutcome.Refused, VisitId: null, IsNear: null, DistanceMetres: null, [], why);

    /// <param name="AreKnown">They are recorded already.</param>
    private sealed record Facts(Guid Id, Visit Visit, Personal? Note, Personal? Place, bool AreKnown);

    /// <summary>One request of a phone.</summary>
    private sealed record Round(string Device, Caller By, string RequestId, Playbook Playbook)
    {
        /// <summary>When the first of its visits was made, and the last.</summary>
        public DateTimeOffset From { get; set; }

        /// <inheritdoc cref="From"/>
        public DateTimeOffset To { get; set; }

        /// <summary>Where its owner was, with what was taken in by now.</summary>
        public List<VisitStop> Stops { get; set; } = [];

        /// <summary>Which of his visits was told last; null while none was.</summary>
        public Guid? Last { get; set; }

        public VisitsSection Rules => Playbook.Document?.Visits ?? VisitsSection.Usual;
    }
}
