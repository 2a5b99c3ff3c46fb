using Crm.Api.Automations;
using Crm.Domain.Access;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Npgsql;

namespace Crm.Api.Opportunities.Care;

/// <summary>What goes with the care of opportunities: the tasks that limits ask for, and what people hear.</summary>
/// <param name="reps">As the playbook in force has them: who is whose superior.</param>
internal sealed class OpportunityErrands(
    Engine engine, string tenant, Organisation organisation, IReadOnlyList<RepSection> reps, DateTimeOffset now)
    : Errands(engine, tenant, organisation, OpportunityCare.Automation)
{
    private readonly TaskTakers takers = new(tenant, organisation);

    /// <summary>The case with a fact, and with all that goes along with it.</summary>
    public async Task<OpportunityCase> Along(
        NpgsqlConnection connection, Guid opportunity, OpportunityCase one, IOpportunityEvent fact, StagePolicy? policy,
            CancellationToken ct)
    {
        var eventId = Guid.CreateVersion7();
        var limit = policy?.LimitsOf(one.Deal.Opened?.Pipeline ?? "", one.Clock.Stage).FirstOrDefault(limit => limit.Key == Key(fact));
        if (fact is OpportunityMarked marked && limit?.Task is { } task
            && await TaskOf(connection, opportunity, one.Deal, task, policy!, eventId, ct) is { } open)
        {
            var id = TaskId(opportunity, one.Next);
            Want(id, open);
            fact = marked with { TaskId = id };
        }

        if (fact is OpportunityMarkEscalated escalated)
        {
            fact = escalated with { Told = one.Deal.Rep is { } rep ? Above(rep).ElementAtOrDefault(1) : null };
        }

        if (fact is OpportunityMarkCleared cleared && one.Clock.Ended.GetValueOrDefault(cleared.Limit)?.Mark.TaskId is { } done)
        {
            Want(done, cleared.Why is MarkCleared.Moved or MarkCleared.Touched ? new FinishTask()
                : new CancelTask(cleared.Why.ToString().ToLowerInvariant()));
        }

        foreach (var notice in TellOfMark.React(one.Deal, fact, limit, Above, now))
        {
            Tell(eventId, notice.Rep, notice.Kind, notice.Severity, new About(AboutKind.Opportunity, opportunity), notice.Params);
        }

        return one.With(fact, eventId, now);
    }

    /// <summary>The case with what comes of an action of its stage, and what else is to be written with it.</summary>
    /// <param name="made">See <see cref="EntryDeeds.Do"/>.</param>
    public async Task<(OpportunityCase Case, IReadOnlyList<Part> Parts)> Do(
        NpgsqlConnection connection, Guid opportunity, OpportunityCase one, EntryAction action, StagePolicy policy, EntryDeeds deeds,
        EntryDeeds.Made? made, CancellationToken ct)
    {
        if (action.Section.Task is { } task)
        {
            var (acted, id) = (EntryDeeds.Acted(action), EntryDeeds.IdOf(Tenant, "task", action));
            if (await TaskOf(connection, opportunity, one.Deal, task, policy, action.Entry, ct) is not { } open)
            {
                return (one.With(acted with { Failed = "nobody" }, Guid.CreateVersion7(), now), []);
            }

            Want(id, open);
            return (one.With(acted with { TaskId = id }, Guid.CreateVersion7(), now), []);
        }

        var (facts, parts) = await deeds.Do(Tenant, opportunity, one, action, Organisation, made, ct);
        return (facts.Aggregate(one, (known, fact) => known.With(fact, Guid.CreateVersion7(), now)), parts);
    }

    // Nobody's task is not made: nobody would see it.
    private async Task<OpenTask?> TaskOf(
        NpgsqlConnection connection, Guid opportunity, Opportunity deal, CareTaskSection task, StagePolicy policy, Guid cause,
            CancellationToken ct)
    {
        var (rep, team) = task switch
        {
            { Team: { } board } => (null, board),
            { Role: { } role } => await takers.LeastLoaded(connection, role, ct),
            { For: Whom.Superior } => (deal.Rep is { } below ? Above(below).FirstOrDefault() : null, null),
            _ => (deal.Rep, deal.Team)
        };
        return rep is null && team is null ? null : new OpenTask(
            task.Title, task.Kind, policy.After(now, task.Due) ?? now, new About(AboutKind.Opportunity, opportunity), rep,
            team ?? takers.TeamOf(rep),
            Cause: new TaskCause(OpportunityCare.Automation, cause));
    }

    private IReadOnlyList<string> Above(string rep) => Superiors.Above(reps, rep);

    private static string? Key(IOpportunityEvent fact) => fact switch
    {
        OpportunityMarked e => e.Limit,
        OpportunityMarkEscalated e => e.Limit,
        _ => null
    };
}
