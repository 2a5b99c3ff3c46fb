using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.Conditions;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against a playbook's approvals: steps that never apply, that nobody could decide, or that go round for
/// ever.</summary>
internal static class ApprovalsCheck
{
    /// <param name="people">Whoever there is; null where that is not known.</param>
    public static IEnumerable<PlaybookFault> Of(PlaybookDocument document, Organisation? people) =>
    [
        .. PlaybookFault.Twice("/approvals", (document.Approvals ?? []).Select(flow => flow.Key)),
        .. (document.Approvals ?? []).SelectMany((flow, i) => Of($"/approvals/{i}", flow, document, people))
    ];

    private static IEnumerable<PlaybookFault> Of(string at, ApprovalFlowSection flow, PlaybookDocument document, Organisation? people)
    {
        var steps = flow.Steps.Select((step, i) => (At: $"{at}/steps/{i}", Step: step, Index: i)).ToList();
        if (steps.All(one => !CanApply(one.Step)))
        {
            yield return new($"{at}/steps", "playbook.approval-empty",
                "No step of this flow can ever apply, so that nobody would be asked.");
        }

        foreach (var fault in PlaybookFault.Twice($"{at}/steps", flow.Steps.Select(step => step.Key)).Concat(steps.SelectMany(one =>
            (PlaybookFault[])
            [
                .. OfCondition(one.At, one.Step), .. OfApprovers(one.At, one.Step, people), .. OfMode(one.At, one.Step),
                .. OfDeadline(one.At, one.Step, document), .. OfEscalation(one.At, one.Step, one.Index, flow, people)
            ])))
        {
            yield return fault;
        }
    }

    private static IEnumerable<PlaybookFault> OfCondition(string at, ApprovalStepSection step)
    {
        if (step.When is not { } when)
        {
            yield break;
        }

        var faults = when.Faults($"{at}/when", ApprovalFields.Vocabulary, out var read);
        foreach (var fault in faults)
        {
            yield return fault;
        }

        if (read is not null && !Satisfiability.CanHold(read))
        {
            yield return new($"{at}/when", "playbook.rule-never-fires", "Nothing that is asked for can be so.");
        }
    }

    private static IEnumerable<PlaybookFault> OfApprovers(string at, ApprovalStepSection step, Organisation? people)
    {
        var asked = step.Approvers;
        if (asked is { Members: null or { Count: 0 }, Roles: null or { Count: 0 }, Superior: false })
        {
            yield return new($"{at}/approvers", "playbook.approval-for-nobody",
                "A step names members, roles, or the superior of whoever asks.");
        }

        foreach (var (member, i) in (asked.Members ?? []).Select((member, i) => (member, i))
            .Where(one => people?.Members.ContainsKey(one.member) == false))
        {
            yield return new($"{at}/approvers/members/{i}", "playbook.member-unknown", $"There is no member '{member}'.");
        }

        foreach (var (role, i) in (asked.Roles ?? []).Select((role, i) => (role, i))
            .Where(one => people?.Roles.ContainsKey(one.role) == false))
        {
            yield return new($"{at}/approvers/roles/{i}", "playbook.role-unknown", $"There is no role '{role}', so nobody can be in it.");
        }
    }

    private static IEnumerable<PlaybookFault> OfMode(string at, ApprovalStepSection step)
    {
        if (step.Mode == ApprovalMode.AtLeast != step.AtLeast is not null)
        {
            yield return new($"{at}/atLeast", "playbook.approval-mode", "The mode at-least says how many, and no other does.");
        }

        // How many are in a role is known only when they are asked.
        var most = (step.Approvers.Members?.Distinct().Count() ?? 0) + (step.Approvers.Superior ? 1 : 0);
        if (step.AtLeast > most && step.Approvers.Roles is null or { Count: 0 })
        {
            yield return new($"{at}/atLeast", "playbook.approval-too-many", $"{step.AtLeast} cannot grant where {most} are asked.");
        }
    }

    private static IEnumerable<PlaybookFault> OfDeadline(string at, ApprovalStepSection step, PlaybookDocument document)
    {
        if (step.Calendar is { } calendar && document.Calendars?.Any(one => one.Key == calendar) != true)
        {
            yield return new($"{at}/calendar", "playbook.calendar-unknown", $"There is no calendar '{calendar}' in this document.");
        }

        if (step is { DueMinutes: null, OnTimeout: not ApprovalTimeout.Remind })
        {
            yield return new($"{at}/dueMinutes", "playbook.approval-deadline", "Say after how many minutes; otherwise this never happens.");
        }
    }

    private static IEnumerable<PlaybookFault> OfEscalation(string at, ApprovalStepSection step, int index, ApprovalFlowSection flow,
        Organisation? people)
    {
        if (step.EscalateTo is not { } to)
        {
            yield break;
        }

        if (step.OnTimeout != ApprovalTimeout.Escalate || to.Member is null == to.Step is null)
        {
            yield return new($"{at}/escalateTo", "playbook.escalation",
                "What escalates goes to a member or to a step: one of both, where onTimeout is escalate.");
        }

        if (to.Member is { } member && people?.Members.ContainsKey(member) == false)
        {
            yield return new($"{at}/escalateTo/member", "playbook.member-unknown", $"There is no member '{member}'.");
        }

        // He would have it from himself.
        if (to.Member is not null && step.Approvers is { Roles: null or { Count: 0 }, Superior: false, Members: { } asked }
            && asked.All(one => one == to.Member))
        {
            yield return new($"{at}/escalateTo/member", "playbook.escalation-ring", $"'{to.Member}' is asked already; name somebody else.");
        }

        var target = to.Step is null ? -1 : flow.Steps.Select(one => one.Key).ToList().IndexOf(to.Step);
        if (to.Step is not null && target < 0)
        {
            yield return new($"{at}/escalateTo/step", "playbook.step-unknown", $"There is no step '{to.Step}' in this flow.");
        }
        else if (to.Step is not null && target <= index)
        {
            yield return new($"{at}/escalateTo/step", "playbook.escalation-ring",
                $"'{to.Step}' is not behind this step: it would go round for ever.");
        }
    }

    // What cannot be read is told by itself.
    private static bool CanApply(ApprovalStepSection step) =>
        step.When?.Read(ApprovalFields.Vocabulary, out _) is not { } when || Satisfiability.CanHold(when);
}
