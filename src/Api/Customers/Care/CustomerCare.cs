using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Customers;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Api.Customers.Care;

/// <summary>
/// Has customers looked after: puts them where the rules see them, has done what is done with those who come there, and tells of those whom
/// nobody has seen for too long. What goes together is written together, or not at all.
/// </summary>
internal sealed class CustomerCare(Engine engine, AutomationTable table)
{
    public const string Automation = "look-after-customers";
    public const string Actor = "customer-care";

    private const int AtOnce = 50;

    /// <param name="tells">Whether those who are overdue are told of, too.</param>
    /// <param name="beat">Called now and then, so that a long work shows that it lives.</param>
    public async Task Act(
        string tenant, IReadOnlyList<CustomerFacts> customers, CustomerTerms terms, bool tells, Func<Task> beat, CancellationToken ct)
    {
        var organisation = await engine.Organisations.Of(tenant, ct);
        var suspended = organisation.SuspendedReps;
        var cases = customers.Select(facts => facts.WithRepOnDuty(suspended, terms.Policy)).Select(facts => new Case(
            facts, PlaceCustomer.React(facts, terms.Policy, terms.Version, terms.Now, terms.Zone),
            tells ? [.. TellOfOverdue.React(facts, terms.Policy, terms.Now)] : []));
        foreach (var some in cases.Where(one => one.Commands.Count + one.Notices.Count > 0).Chunk(AtOnce))
        {
            if (terms.Mode == AutomationMode.DryRun)
            {
                await Try(tenant, some, terms, ct);
            }
            else if (terms.Mode == AutomationMode.On)
            {
                await Write(tenant, some, organisation, terms, ct);
            }

            await beat();
        }
    }

    private async Task Write(
        string tenant, IReadOnlyList<Case> cases, Organisation organisation, CustomerTerms terms, CancellationToken ct)
    {
        try
        {
            var call = new Call(
                new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
            await engine.Commands.Send(call, async fresh =>
            {
                var parts = new List<Part>();
                foreach (var one in cases)
                {
                    parts.AddRange(await Parts(tenant, one, organisation, terms, fresh, ct));
                }

                return new Decision(0, [.. parts.Where(part => part.Events.Count > 0)]);
            }, terms.Version, ct);
        }
        catch (Exception error) when (!error.IsPassing() && cases.Count > 1)
        {
            // One that cannot be done keeps nothing back but itself.
            foreach (var one in cases)
            {
                await Write(tenant, [one], organisation, terms, ct);
            }
        }
        catch (Exception error) when (!error.IsPassing())
        {
            await table.Note(new AutomationFailure(
                tenant, Automation, cases[0].Facts.Id, Cause: null, terms.Now, default, 0,
                $"{error.GetType().Name}: {error.Message.Split('\n')[0]}", Again: false), ct);
        }
    }

    private async Task<IReadOnlyList<Part>> Parts(
        string tenant, Case one, Organisation organisation, CustomerTerms terms, bool fresh, CancellationToken ct)
    {
        var parts = new List<Part>();
        if (one.Commands.Count > 0)
        {
            var known = await State(CustomerDecider.Instance, tenant, one.Facts.Id, fresh, ct);
            var (placed, task) = Placed(tenant, one, known, terms);
            parts.Add(placed);
            if (task is { } wanted)
            {
                var state = await State(TaskDecider.Instance, tenant, wanted.Id, fresh, ct);
                parts.Add(Part(TaskDecider.Instance, wanted.Id, state, TaskDecider.Decide((SalesTask)state.State, wanted.Command)));
            }
        }

        if (one.Notices.Count > 0)
        {
            var customer = await State(CustomerDecider.Instance, tenant, one.Facts.Id, fresh, ct);
            parts.AddRange(await Told(tenant, one, customer.LastEvent ?? one.Facts.Id, organisation, fresh, ct));
        }

        return parts;
    }

    // That time went by is no fact; the last one of the customer stands for it.
    private async Task<IReadOnlyList<Part>> Told(
        string tenant, Case one, Guid cause, Organisation organisation, bool fresh, CancellationToken ct)
    {
        var parts = new List<Part>();
        foreach (var notice in one.Notices)
        {
            foreach (var member in organisation.ActiveMembersOf(notice.Rep))
            {
                // What is due is due to the second, and the same for whoever works it out again.
                var id = StreamId.From(tenant, "alert", $"{notice.Kind} {one.Facts.Id} {notice.Since.UtcTicks} {member}");
                var state = await State(AlertDecider.Instance, tenant, id, fresh, ct);
                var command = new RaiseAlert(
                    member, notice.Kind, notice.Severity, new AlertCause(Automation, cause),
                    new About(AboutKind.Customer, one.Facts.Id), notice.Params);
                parts.Add(Part(AlertDecider.Instance, id, state, AlertDecider.Decide((Alert)state.State, command)));
            }
        }

        return parts;
    }

    // The task's id follows from the place of the fact that it goes with, and so does the fact tell of it.
    private static (Part Placed, (Guid Id, OpenTask Command)? Task) Placed(string tenant, Case one, Known known, CustomerTerms terms)
    {
        var (facts, eventIds) = (Decided(one, (Customer)known.State), new List<Guid>());
        (Guid, OpenTask)? task = null;
        for (var i = 0; i < facts.Count; i++)
        {
            eventIds.Add(Guid.CreateVersion7());
            if (facts[i] is CustomerLifecycleEntered entered && CustomerStrategy.TaskOf(
                entered, one.Facts, terms.Policy, terms.Since, eventIds[i], Automation, terms.Now) is { } wanted)
            {
                var id = StreamId.From(tenant, "task", $"{Automation} {one.Facts.Id} {known.Version + i + 1}");
                (task, facts[i]) = ((id, wanted), entered with { TaskId = id });
            }
        }

        var part = new Part(one.Facts.Id, CustomerDecider.Instance.StreamType, known, facts,
            (state, e) => Customer.Evolve((Customer)state, (ICustomerEvent)e))
        { EventIds = eventIds };
        return (part, task);
    }

    private static List<ICustomerEvent> Decided(Case one, Customer state)
    {
        var facts = new List<ICustomerEvent>();
        foreach (var command in one.Commands)
        {
            var decided = CustomerDecider.Decide(state, command);
            state = decided.Aggregate(state, Customer.Evolve);
            facts.AddRange(decided);
        }

        return facts;
    }

    // Who is overdue would be told of anew each day, since nothing is written that would say that it has been.
    private async Task Try(string tenant, IReadOnlyList<Case> cases, CustomerTerms terms, CancellationToken ct)
    {
        var trials = new List<AutomationTrial>();
        foreach (var one in cases.Where(one => one.Commands.Count > 0))
        {
            var (state, _) = await engine.Commands.Latest(CustomerDecider.Instance, tenant, one.Facts.Id, ct);
            trials.Add(new(Guid.CreateVersion7(), Automation, one.Facts.Id, Cause: null, terms.Now,
                new JsonArray([.. Decided(one, state).Select(fact => (JsonNode)new JsonObject
                {
                    ["type"] = engine.Store.Types.AliasOf(fact),
                    ["data"] = JsonSerializer.SerializeToNode(fact, fact.GetType(), AnswerJson.Options)
                })])));
        }

        await table.Tried(tenant, Automation, trials, ct);
    }

    private async Task<Known> State<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, string tenant, Guid stream, bool fresh, CancellationToken ct)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        (await engine.Commands.State(decider, tenant, stream, default!, occurredAt: null, ct, fresh)).Latest;

    private static Part Part<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, Known known, IReadOnlyList<TEvent> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(stream, decider.StreamType, known, facts.Cast<object>(), (state, e) => decider.Evolve((TState)state, (TEvent)e));

    private sealed record Case(CustomerFacts Facts, IReadOnlyList<ICustomerCommand> Commands, IReadOnlyList<OverdueNotice> Notices);
}
