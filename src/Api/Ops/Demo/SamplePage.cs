using System.Buffers.Binary;
using System.Security.Cryptography;
using Crm.Api.Leads;
using Crm.Domain;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Ops.Demo;

/// <summary>A stretch of the story that is written as one: each step is decided on what stands, and on what the steps before it on the page led to.</summary>
internal sealed class SamplePage(Commands commands, Store store, Sealer sealer, LeadKeys keys, string tenant, Playbook playbook, CancellationToken ct)
{
    private readonly List<Claim> claims = [];
    private readonly Dictionary<Guid, Draft> drafts = [];
    private readonly Dictionary<Guid, Seal> seals = [];

    public string Tenant => tenant;

    public Playbook Playbook => playbook;

    public IReadOnlyList<PersonKey> PersonKeys => [.. seals.Values.SelectMany(seal => seal.Made)];

    public Decision Decision => new(0, [.. drafts.Values.Where(draft => draft.Events.Count > 0).Select(draft => draft.ToPart())]) { Claims = claims };

    /// <param name="begins">The step makes the stream, so there is nothing to read.</param>
    public async Task Say<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, SampleStep step, Guid stream, TCommand command, bool begins = false)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        var (asAt, latest) = await States(decider, step, stream, command, begins);
        Add(decider, step, stream, latest, Commands.Decide(decider, asAt, latest, command));
    }

    /// <summary>A stream as it stands, with what this page has said of it.</summary>
    public async Task<Known> Latest<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, SampleStep step, Guid stream, bool begins = false)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        (await States(decider, step, stream, default!, begins)).Latest;

    public void Add<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, SampleStep step, Guid stream, Known latest, IReadOnlyList<TEvent> facts)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        if (!drafts.TryGetValue(stream, out var draft))
        {
            drafts.Add(stream, draft = new Draft(stream, decider.StreamType, latest, (state, e) => decider.Evolve((TState)state, (TEvent)e)));
        }

        foreach (var fact in facts)
        {
            draft.Add(fact, step);
        }
    }

    /// <summary>The events of a stream that are written.</summary>
    public Task<IReadOnlyList<Recorded>> Written(Guid stream) => store.ReadStream(tenant, stream, null, ct);

    /// <param name="isNew">Nothing of this person can be known yet.</param>
    public Task<Personal> Seal(Guid person, string text, bool isNew = false)
    {
        if (!seals.TryGetValue(person, out var seal))
        {
            seals.Add(person, seal = new Seal(sealer, tenant, person, isNew, ct));
        }

        return seal.Required(text);
    }

    /// <summary>Has a lead hold its mail address, which nobody else in the story has: whoever sends it again is known.</summary>
    public void Hold(Guid lead, string email) =>
        claims.AddRange(keys.Of(tenant, new LeadSignature(Company: null, Contact: null, email, Phone: null)).Select(key => new Claim(key.Kind, key.Key, lead)));

    private async Task<(Known AsAt, Known Latest)> States<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, SampleStep step, Guid stream, TCommand command, bool begins)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        if (drafts.TryGetValue(stream, out var draft) || begins)
        {
            var known = draft?.Known ?? new Known(decider.Initial, 0, null, DateTimeOffset.MinValue);
            return (known, known);
        }

        return await commands.State(decider, tenant, stream, command, step.OccurredAt, ct);
    }

    private sealed class Draft(Guid stream, string streamType, Known latest, Func<object, object, object> evolve)
    {
        private readonly List<SampleStep> steps = [];
        private object state = latest.State;

        public List<object> Events { get; } = [];

        public Known Known => latest with { State = state };

        public void Add(object fact, SampleStep step)
        {
            Events.Add(fact);
            steps.Add(step);
            state = evolve(state, fact);
        }

        public Part ToPart() => new(stream, streamType, latest, Events, evolve)
        {
            EventIds = [.. steps.Select((step, i) => EventId(step.RecordedAt, latest.Version + 1 + i))],
            Times = [.. steps.Select(step => (DateTimeOffset?)step.OccurredAt)],
            Recorded = [.. steps.Select(step => step.RecordedAt)]
        };

        // A version 7 id of its time, the same whenever the story is told.
        private Guid EventId(DateTimeOffset at, long version)
        {
            Span<byte> name = stackalloc byte[24];
            stream.TryWriteBytes(name);
            BinaryPrimitives.WriteInt64BigEndian(name[16..], version);
            Span<byte> id = stackalloc byte[20];
            SHA1.HashData(name, id);
            Span<byte> time = stackalloc byte[8];
            BinaryPrimitives.WriteInt64BigEndian(time, at.ToUnixTimeMilliseconds());
            time[2..].CopyTo(id);
            id[6] = (byte)((id[6] & 0x0F) | 0x70);
            id[8] = (byte)((id[8] & 0x3F) | 0x80);
            return new Guid(id[..16], bigEndian: true);
        }
    }
}
