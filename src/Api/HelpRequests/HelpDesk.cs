using System.Runtime.CompilerServices;
using Crm.Api.Http;
using Crm.Api.Playbooks;
using Crm.Api.Tasks;
using Crm.Domain;
using Crm.Domain.HelpRequests;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.EventStore.Sealing;

namespace Crm.Api.HelpRequests;

/// <summary>Writes what becomes of requests for help, in one append with what those hear who are asked, and who asked.</summary>
public sealed class HelpDesk(Engine engine, KnownSubjects subjects, Sealer sealer)
{
    public const string Automation = "watch-help";

    private static readonly ConditionalWeakTable<PlaybookDocument, HelpPolicy> Made = [];
    private static readonly PlaybookDocument Nothing = new("nothing");

    public async Task<Written> Ask(AskHelpRequest r, Call call, CancellationToken ct)
    {
        var (by, subject) = (call.By, r.Subject);
        await subjects.MustSee(by, subject, ct, r.Member);
        var seal = new Seal(sealer, by.Tenant, person: subject.Id, isNew: false, ct);
        var text = await seal.Required(r.Text);
        return await Send(call.NewId("help-request"), call with { PersonKeys = seal.Made }, (_, terms) =>
            new AskHelp(r.Kind, subject, by.Id, text, terms, r.To, by.Rep, by.Team), ct);
    }

    public async Task<Written> Answer(Guid id, string text, Call call, CancellationToken ct)
    {
        var (state, _) = await engine.Commands.Latest(HelpDecider.Instance, call.By.Tenant, id, ct);
        var seal = new Seal(sealer, call.By.Tenant, person: state.Asked?.Subject.Id ?? id, isNew: false, ct);
        var said = await seal.Required(text);
        return await Send(id, call with { PersonKeys = seal.Made }, (_, terms) => new AnswerHelp(call.By.Id, said, terms), ct);
    }

    /// <param name="make">The command, by what it is decided on; to those from whom a request is hidden there is none.</param>
    public Task<Written> Send(Guid id, Call call, Func<HelpRequest, HelpTerms, IHelpCommand> make, CancellationToken ct) =>
        engine.Commands.Send(call, async fresh =>
        {
            var (terms, version) = await Terms(call.By.Tenant, ct);
            var known = (await engine.Commands.State(
                HelpDecider.Instance, call.By.Tenant, id, default(IHelpCommand)!, occurredAt: null, ct, fresh)).Latest;
            var before = (HelpRequest)known.State;
            if (before.Asked is not null && !Sees(before, call.By, terms))
            {
                throw HelpDecider.Unknown();
            }

            var facts = HelpDecider.Decide(before, make(before, terms));
            var part = Part(HelpDecider.Instance, id, known, facts);
            var isKnown = before.Asked is not null && call.Status == StatusCodes.Status201Created;
            return new Decision(known.Version, [part, .. Alerts(call.By.Tenant, before, facts, part)])
            {
                Status = isKnown ? (short)StatusCodes.Status200OK : null
            };
        }, playbookVersion: null, ct);

    /// <summary>That a request is in the caller's sight, whoever's records he sees.</summary>
    /// <exception cref="Rejection">There is none, or it is hidden from him.</exception>
    public async Task MustSee(Caller by, Guid id, CancellationToken ct)
    {
        var (state, _) = await engine.Commands.Latest(HelpDecider.Instance, by.Tenant, id, ct);
        if (state.Asked is null || !Sees(state, by, (await Terms(by.Tenant, ct)).Terms))
        {
            throw HelpDecider.Unknown();
        }
    }

    /// <summary>What would be written.</summary>
    public async Task<IReadOnlyList<IHelpEvent>> Rehearse(string tenant, Guid id, CancellationToken ct)
    {
        var (state, _) = await engine.Commands.Latest(HelpDecider.Instance, tenant, id, ct);
        return HelpDecider.Decide(state, new RingHelp((await Terms(tenant, ct)).Terms));
    }

    /// <summary>By what help is decided now.</summary>
    public async Task<(HelpTerms Terms, long Version)> Terms(string tenant, CancellationToken ct)
    {
        var playbook = await engine.Playbooks.Of(tenant, ct);
        var staff = new HelpStaff(await engine.Organisations.Of(tenant, ct), playbook.Document?.Reps ?? []);
        return (new(PolicyOf(playbook.Document), staff, engine.Store.Clock.GetUtcNow(), playbook.Version), playbook.Version);
    }

    public static HelpPolicy PolicyOf(PlaybookDocument? document) =>
        Made.GetValue(document ?? Nothing, static made => HelpPolicy.Of(made, Zones.Tzdb));

    // Who asked, was asked, is above, or sees what is his who asked.
    private static bool Sees(HelpRequest state, Caller by, HelpTerms terms) =>
        by.Sight.Owners?.Own(state.Asked!.Rep, state.Asked.Team) != false || state.Asked!.By == by.Id
            || HelpDecider.MayAnswer(state, by.Id, terms);

    private static IEnumerable<Part> Alerts(string tenant, HelpRequest before, IReadOnlyList<IHelpEvent> facts, Part part) =>
        TellOfHelp.React(before, facts).Select(notice =>
        {
            var cause = part.EventIds[^1];
            var about = facts.Aggregate(before, HelpRequest.Evolve).Asked!.Subject;
            var command = new RaiseAlert(
                notice.To, notice.Kind, notice.Severity, new AlertCause(Automation, cause), about,
                notice.Params.Append(new("help", part.Stream.ToString())).ToDictionary());
            var nothing = new Known(Alert.None, 0, LastEvent: null, DateTimeOffset.MinValue);
            return Part(AlertDecider.Instance, StreamId.From(tenant, "alert", $"{notice.Kind} {cause} {notice.To}"), nothing,
                AlertDecider.Decide(Alert.None, command));
        });

    private static Part Part<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, Known known, IReadOnlyList<TEvent> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(stream, decider.StreamType, known, facts.Cast<object>(), (state, e) => decider.Evolve((TState)state, (TEvent)e));
}
