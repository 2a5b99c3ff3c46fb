using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Api.Nurture;
using Crm.Domain.Access;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>Has leads looked after: gives new ones to reps, and does what is due. What is decided for several leads of a tenant is written as one, in their order.</summary>
internal sealed class LeadCare(Engine engine, Policies policies, AutomationTable table, RefusedMail refused)
{
    public const string Automation = "look-after-leads";

    public const string Actor = "automation";

    // Turns of what is not written yet, in their order.
    private const long AfterAll = long.MaxValue / 2;

    /// <summary>Whether to act for a tenant, or only to say what would be done; one that never had rules is left alone.</summary>
    public async Task<AutomationMode> ModeOf(string tenant, CancellationToken ct) =>
        await engine.Playbooks.History(tenant, ct) is { Published.Count: > 0 } history ? history.ModeOf(Automation) : AutomationMode.Off;

    /// <summary>Decides, and keeps what it would have written.</summary>
    public async Task Try(string tenant, IReadOnlyList<LeadCause> causes, LeadBooks books, CancellationToken ct)
    {
        foreach (var (policy, some) in await ByPolicy(tenant, causes, ct))
        {
            var (cases, _, _) = await Decide(tenant, some, policy?.Policy, policy?.Version ?? 0, books, ct);
            var trials = cases.Where(one => one.Value.New.Count > 0).Select(one => new AutomationTrial(
                Guid.CreateVersion7(), Automation, one.Key, one.Value.New[0].Cause.Event, engine.Store.Clock.GetUtcNow(),
                new JsonArray([.. one.Value.New.Select(decided => (JsonNode)new JsonObject
                {
                    ["type"] = engine.Store.Types.AliasOf(decided.Fact),
                    ["data"] = JsonSerializer.SerializeToNode(decided.Fact, decided.Fact.GetType(), AnswerJson.Options)
                })]))).ToList();
            if (trials.Count > 0)
            {
                await table.Tried(tenant, Automation, trials, ct);
            }
        }
    }

    /// <summary>Decides, writes, and counts what was written.</summary>
    /// <returns>The books after it.</returns>
    public async Task<LeadBooks> Act(string tenant, IReadOnlyList<LeadCause> causes, LeadBooks books, CancellationToken ct)
    {
        foreach (var (policy, some) in await ByPolicy(tenant, causes, ct))
        {
            IReadOnlyList<(Guid Lead, ILeadEvent Fact)> decided = [];
            IReadOnlyDictionary<Guid, LeadCase> cases = new Dictionary<Guid, LeadCase>();
            IReadOnlyDictionary<Guid, DateTimeOffset?> fading = new Dictionary<Guid, DateTimeOffset?>();
            var call = new Call(new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: Actor);
            var written = await engine.Commands.Send(call, async () =>
            {
                (cases, var errands, fading) = await Decide(tenant, some, policy?.Policy, policy?.Version ?? 0, books, ct);
                decided = [.. cases.SelectMany(one => one.Value.New.Select(fact => (one.Key, fact.Fact)))];
                return new Decision(0, [.. cases.Where(one => one.Value.New.Count > 0).Select(one => Part(one.Key, one.Value)), .. errands]);
            }, policy?.Version, ct);

            await FadingLeads.Note(engine.Followers, tenant, fading, ct);

            // Written as one they stand one behind the other; the log tells the very places later.
            books = decided.Index().Aggregate(books, (known, one) => known.With(one.Item.Lead, one.Item.Fact, written.Position - decided.Count + 1 + one.Index));
            books = cases.Aggregate(books, (known, one) => known.Owned(one.Key, one.Value.Clock.IsOpen ? one.Value.Clock.Rep : null));
        }

        return books;
    }

    // In their order, as long as they go by the same playbook.
    private async Task<IReadOnlyList<((LeadPolicy Policy, long Version)? Policy, List<LeadCause> Causes)>> ByPolicy(
        string tenant, IReadOnlyList<LeadCause> causes, CancellationToken ct)
    {
        var groups = new List<((LeadPolicy Policy, long Version)? Policy, List<LeadCause> Causes)>();
        foreach (var cause in causes)
        {
            var policy = await policies.At(tenant, cause.At, ct);
            if (groups.Count == 0 || groups[^1].Policy?.Version != policy?.Version)
            {
                groups.Add((policy, []));
            }

            groups[^1].Causes.Add(cause);
        }

        return groups;
    }

    private async Task<(
        IReadOnlyDictionary<Guid, LeadCase> Cases, IReadOnlyList<Part> Errands, IReadOnlyDictionary<Guid, DateTimeOffset?> Fading)> Decide(
        string tenant, List<LeadCause> causes, LeadPolicy? policy, long playbook, LeadBooks books, CancellationToken ct)
    {
        await using var connection = await engine.Followers.OpenConnectionAsync(ct);
        var organisation = await engine.Organisations.Of(tenant, ct);
        var errands = new LeadErrands(engine, tenant, organisation);
        var cases = await Read(connection, tenant, [.. causes.Select(cause => cause.Lead).Distinct()], ct);
        var suspended = organisation.SuspendedReps;
        var playbooks = await engine.Playbooks.History(tenant, ct);
        var (turn, now) = (AfterAll, DateTimeOffset.MinValue);
        var fading = new Dictionary<Guid, DateTimeOffset?>();
        foreach (var cause in causes)
        {
            // What our clock learns meanwhile may set it back: what is decided first is due first all the same.
            now = Now(cause) is var then && then > now ? then : now;
            errands.Close(cases[cause.Lead].Clock, cause.Fact);
            foreach (var fact in Due(cases[cause.Lead], cause, policy, now).Concat(Again(cases[cause.Lead].Clock, cause, policy, now)))
            {
                Add(cause, fact, now);
            }

            var lead = cases[cause.Lead];
            var isForSale = !cause.IsOfFile || policy?.Document.Assignment?.Imported == true;
            foreach (var fact in policy is null ? [] : LeadRoutine.React(
                lead.Lead, lead.Clock, lead.Facts, new Books(books, suspended), new RulesInForce(policy, playbook, playbooks.NextAfter(now)), now, has: !cause.Rings,
                isForSale))
            {
                Add(cause, fact, now);
            }

            lead = cases[cause.Lead];
            fading[cause.Lead] = policy is null || !isForSale ? null : EnterScoreBand.Next(lead.Lead, lead.Clock, lead.Facts, policy, now);
        }

        return (cases, await errands.Parts(connection, ct), fading);

        void Add(LeadCause cause, ILeadEvent fact, DateTimeOffset now)
        {
            var lead = cases[cause.Lead];
            var eventId = Guid.CreateVersion7();
            if (fact is LeadAssigned { Team: null } teamless)
            {
                fact = teamless with { Team = organisation.Members.Values.FirstOrDefault(member => member.Rep == teamless.Rep)?.Team ?? organisation.Members.GetValueOrDefault(teamless.Rep)?.Team };
            }

            var because = cause.Event is { } e && e != Guid.Empty ? e : eventId;
            if (policy is not null && LeadErrands.TaskOf(cause.Lead, lead.Lead, fact, policy, because, now) is { } task)
            {
                var id = errands.TaskId(cause.Lead, lead.Next);
                errands.Want(id, task);
                fact = fact switch
                {
                    LeadAssigned given => given with { Ground = given.Ground! with { TaskId = id } },
                    LeadBandEntered entered => entered with { TaskId = id },
                    _ => fact
                };
            }

            lead = lead.With(fact, eventId, cause, now);
            cases[cause.Lead] = lead;
            books = books.With(cause.Lead, fact, turn++);
            errands.Close(lead.Clock, fact);
            if (policy is not null)
            {
                errands.Tell(cause.Lead, lead.Lead, fact, eventId, policy);
            }
        }
    }

    // What is open again is looked after again, from now on.
    private static IReadOnlyList<ILeadEvent> Again(LeadClock clock, LeadCause cause, LeadPolicy? policy, DateTimeOffset now) =>
        cause.Fact is LeadRevived or LeadUnmerged or LeadFlagWithdrawn && clock is { IsOpen: true, Rep: { } rep, Due: null } && policy?.SilentAfter(now) is { } by ? [new LeadFollowUpExpected(rep, by)] : [];

    // What the database says is due is due, even where our clock has not learnt yet how late it is there.
    private DateTimeOffset Now(LeadCause cause) => engine.Store.Clock.GetUtcNow() is var now && cause.Rings && cause.At > now ? cause.At : now;

    // Where no playbook is in force by then, nothing is expected any more.
    private static IReadOnlyList<ILeadEvent> Due(LeadCase lead, LeadCause cause, LeadPolicy? policy, DateTimeOffset now) =>
        !cause.Rings || lead.Clock.Due is null || lead.Clock.Due > now ? []
        : policy is null || (policy.Document.Assignment is null && lead.Clock is { Rep: null, Nurture: null }) ? [new LeadClocksStopped(lead.Clock.Rep)]
        : RingLeadClock.Decide(lead.Clock, policy, now);

    private async Task<Dictionary<Guid, LeadCase>> Read(NpgsqlConnection connection, string tenant, IReadOnlyList<Guid> leads, CancellationToken ct)
    {
        var types = engine.Store.Types;
        var streams = (await LogReader.Streams(connection, types, [.. leads.Select(lead => (tenant, lead))], long.MaxValue, ct)).ToLookup(e => e.StreamId);
        var cases = leads.ToDictionary(lead => lead, lead => LeadCase.Of(TimedLead.Of([.. streams[lead]], types)));

        // Of those who are sent mails, or may be: what another lead says of their address counts for them.
        var mailed = cases.Where(one => one.Value.Clock is { IsOpen: true, Rep: null })
            .ToDictionary(one => one.Key, one => (one.Value.Lead, one.Value.Clock));
        foreach (var lead in await refused.Of(tenant, mailed, ct))
        {
            cases[lead] = cases[lead] with { Clock = cases[lead].Clock with { IsUnsubscribed = true } };
        }

        return cases;
    }

    private static Part Part(Guid lead, LeadCase decided) =>
        new(lead, LeadDecider.Instance.StreamType, decided.Known, decided.New.Select(one => one.Fact), (state, e) => Lead.Evolve((Lead)state, (ILeadEvent)e))
        {
            EventIds = [.. decided.New.Select(one => one.EventId)],
            Causes = [.. decided.New.Select(one => one.Cause.Event is { } cause && cause != Guid.Empty ? cause.ToString() : null)]
        };

    private sealed class Books(LeadBooks books, IReadOnlySet<string> suspended) : ILeadBooks
    {
        public int OpenOf(string rep) => books.Open.GetValueOrDefault(rep);

        public long LastTurn(string rule, string rep) => books.Turns.GetValueOrDefault((rule, rep));

        public bool IsSuspended(string rep) => suspended.Contains(rep);
    }
}
