using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>What goes with the care of leads: the task of whoever gets one, and what people hear. It is written with the fact that it goes with, or not at all.</summary>
internal sealed class LeadErrands(Engine engine, string tenant, Organisation organisation)
{
    private readonly List<(Guid Task, ITaskCommand Command)> wanted = [];
    private readonly List<Part> raised = [];

    /// <summary>The task that goes with a fact: of whoever gets a lead by a rule, or has one that comes into the highest band; null where the playbook wants none.</summary>
    public static OpenTask? TaskOf(Guid lead, Lead state, ILeadEvent fact, LeadPolicy policy, Guid cause, DateTimeOffset now) => fact switch
    {
        LeadAssigned { Ground: not null } given when policy.Document.Assignment?.FirstTask is { } first => Task(lead, first, given.Rep, given.Team, policy, cause, now),
        LeadBandEntered { Band: "high" } when state.Rep is { } rep && policy.Document.Scoring?.Bands?.HighTask is { } hot => Task(lead, hot, rep, state.Team, policy, cause, now),
        _ => null
    };

    public Guid TaskId(Guid lead, long version) => StreamId.From(tenant, "task", $"{LeadCare.Automation} {lead} {version}");

    public void Want(Guid task, ITaskCommand command) => wanted.Add((task, command));

    /// <summary>The tasks of a lead follow what becomes of it: done with the first follow-up, cancelled where somebody else has it or nobody needs to.</summary>
    public void Close(LeadClock clock, object? fact)
    {
        if (fact is LeadTouched touch && Touch.IsFollowUp(touch.Kind, touch.Direction) && clock is { Task: { } done, FollowedUpAt: not null })
        {
            Want(done, new FinishTask());
        }

        foreach (var over in fact is LeadReturned or LeadAssigned ? clock.Tasks.Where(task => task != clock.Task)
            : fact is LeadDisqualified or LeadMerged or LeadFlagged ? clock.Tasks : [])
        {
            Want(over, new CancelTask(fact switch
            {
                LeadReturned { Because: ReturnedBecause.NoResponse } => "no-response",
                LeadReturned => "released",
                LeadAssigned => "reassigned",
                LeadFlagged => "flagged",
                _ => "closed"
            }));
        }

        if (fact is LeadQualified && clock.Task is { } finished)
        {
            Want(finished, new FinishTask());
        }
    }

    /// <summary>Those who are to hear of a fact do.</summary>
    public void Tell(Guid lead, Lead state, ILeadEvent fact, Guid eventId, LeadPolicy policy)
    {
        foreach (var notice in TellOfLead.React(state, fact, policy.Above))
        {
            foreach (var member in organisation.Members.Where(one => (one.Value.Rep ?? one.Key) == notice.Rep).Select(one => one.Key))
            {
                var stream = StreamId.From(tenant, "alert", $"{notice.Kind} {eventId} {member}");
                var command = new RaiseAlert(member, notice.Kind, notice.Severity, new AlertCause(LeadCare.Automation, eventId), new About(AboutKind.Lead, lead), notice.Params);
                raised.Add(Part(AlertDecider.Instance, stream, [], AlertDecider.Decide(Alert.None, command)));
            }
        }
    }

    /// <summary>All of it, to be written.</summary>
    public async Task<IReadOnlyList<Part>> Parts(NpgsqlConnection connection, CancellationToken ct)
    {
        var streams = (await LogReader.Streams(connection, engine.Store.Types, [.. wanted.Select(one => (tenant, one.Task)).Distinct()], long.MaxValue, ct)).ToLookup(e => e.StreamId);
        var tasks = wanted.GroupBy(one => one.Task).Select(task => Part(TaskDecider.Instance, task.Key, [.. streams[task.Key]], Decided([.. streams[task.Key]], task.Select(one => one.Command))));
        return [.. tasks.Where(part => part.Events.Count > 0), .. raised];
    }

    // Somebody may have closed it himself.
    private List<object> Decided(IReadOnlyList<Recorded> stream, IEnumerable<ITaskCommand> commands)
    {
        var state = Fold(TaskDecider.Instance, FoldOrder.Of(stream, engine.Store.Types));
        var facts = new List<object>();
        foreach (var command in commands)
        {
            try
            {
                var decided = TaskDecider.Decide(state, command);
                state = decided.Aggregate(state, SalesTask.Evolve);
                facts.AddRange(decided);
            }
            catch (Rejection)
            {
                // What is closed stays as it is.
            }
        }

        return facts;
    }

    private static OpenTask Task(Guid lead, FirstTaskSection task, string rep, string? team, LeadPolicy policy, Guid cause, DateTimeOffset now) => new(
        task.Title, task.Kind, policy.After(now, TimeSpan.FromMinutes(task.DueMinutes)), new About(AboutKind.Lead, lead), rep, team, Cause: new TaskCause(LeadCare.Automation, cause));

    private Part Part<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider, Guid stream, IReadOnlyList<Recorded> events, IEnumerable<object> facts)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        var order = FoldOrder.Of(events, engine.Store.Types);
        return new(stream, decider.StreamType, Known.Of(events, order, Fold(decider, order)), facts, (state, e) => decider.Evolve((TState)state, (TEvent)e));
    }

    private static TState Fold<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider, IReadOnlyList<Recorded> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        facts.Select(fact => fact.Data).OfType<TEvent>().Aggregate(decider.Initial, decider.Evolve);
}
