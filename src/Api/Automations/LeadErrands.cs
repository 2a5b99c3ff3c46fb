using Crm.Domain.Access;
using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Api.Automations;

/// <summary>What goes with the care of leads: the task of whoever gets one, and what people hear. It is written with the fact that it goes with, or not at all.</summary>
internal sealed class LeadErrands(Engine engine, string tenant, Organisation organisation)
    : Errands(engine, tenant, organisation, LeadCare.Automation)
{
    /// <summary>The task that goes with a fact: of whoever gets a lead by a rule, or has one that comes into the highest band; null where the playbook wants none.</summary>
    public static OpenTask? TaskOf(Guid lead, Lead state, ILeadEvent fact, LeadPolicy policy, Guid cause, DateTimeOffset now) => fact switch
    {
        LeadAssigned { Ground: not null } given when policy.Document.Assignment?.FirstTask is { } first => Task(lead, first, given.Rep, given.Team, policy, cause, now),
        LeadBandEntered { Band: "high" } when state.Rep is { } rep && policy.Document.Scoring?.Bands?.HighTask is { } hot => Task(lead, hot, rep, state.Team, policy, cause, now),
        _ => null
    };

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
            Tell(eventId, notice.Rep, notice.Kind, notice.Severity, new About(AboutKind.Lead, lead), notice.Params);
        }
    }

    private static OpenTask Task(Guid lead, FirstTaskSection task, string rep, string? team, LeadPolicy policy, Guid cause, DateTimeOffset now) => new(
        task.Title, task.Kind, policy.After(now, TimeSpan.FromMinutes(task.DueMinutes)), new About(AboutKind.Lead, lead), rep, team, Cause: new TaskCause(LeadCare.Automation, cause));
}
