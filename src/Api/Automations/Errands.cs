using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Tasks;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>What goes with what a program does by itself: tasks, and what people hear. It is written with the facts that it goes with, or
/// not
/// at all.</summary>
/// <param name="automation">Which does it.</param>
internal class Errands(Engine engine, string tenant, Organisation organisation, string automation)
{
    private readonly List<(Guid Task, ITaskCommand Command)> wanted = [];
    private readonly List<Part> raised = [];

    protected string Tenant => tenant;

    protected Organisation Organisation => organisation;

    /// <param name="version">That a fact makes of its record: what goes with it has an id of its own.</param>
    public Guid TaskId(Guid record, long version) => StreamId.From(tenant, "task", $"{automation} {record} {version}");

    public void Want(Guid task, ITaskCommand command) => wanted.Add((task, command));

    /// <summary>All who are a rep hear of a fact.</summary>
    public void Tell(Guid eventId, string rep, string kind, AlertSeverity severity, About about, IReadOnlyDictionary<string, string> with)
    {
        foreach (var member in organisation.Members.Where(one => (one.Value.Rep ?? one.Key) == rep).Select(one => one.Key))
        {
            var stream = StreamId.From(tenant, "alert", $"{kind} {eventId} {member}");
            var command = new RaiseAlert(member, kind, severity, new AlertCause(automation, eventId), about, with);
            raised.Add(Part(AlertDecider.Instance, stream, [], AlertDecider.Decide(Alert.None, command)));
        }
    }

    /// <summary>All of it, to be written.</summary>
    public async Task<IReadOnlyList<Part>> Parts(NpgsqlConnection connection, CancellationToken ct)
    {
        var streams = (await LogReader.Streams(connection, engine.Store.Types, [.. wanted.Select(one => (tenant, one.Task)).Distinct()],
            long.MaxValue, ct)).ToLookup(e => e.StreamId);
        var tasks = wanted.GroupBy(one => one.Task).Select(task =>
            Part(TaskDecider.Instance, task.Key, [.. streams[task.Key]], Decided([.. streams[task.Key]], task.Select(one => one.Command))));
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

    private Part Part<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider, Guid stream, IReadOnlyList<Recorded> events,
        IEnumerable<object> facts)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        var order = FoldOrder.Of(events, engine.Store.Types);
        return new(stream, decider.StreamType, Known.Of(events, order, Fold(decider, order)), facts, (state, e) => decider
            .Evolve((TState)state, (TEvent)e));
    }

    private static TState Fold<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider, IReadOnlyList<Recorded> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        facts.Select(fact => fact.Data).OfType<TEvent>().Aggregate(decider.Initial, decider.Evolve);
}
