using Crm.Domain.Approvals;
using Crm.Domain.Conditions;
using Crm.Domain.Contacts;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against what happens when opportunities come to a stage: actions that do nothing, or never could.</summary>
internal static class EntryActionsCheck
{
    public static IEnumerable<PlaybookFault> Of(PlaybookDocument document) => (document.Pipelines ?? []).Index().SelectMany(pipeline =>
        pipeline.Item.Stages.Index().SelectMany(stage =>
            Of($"/pipelines/{pipeline.Index}/stages/{stage.Index}/onEntry", stage.Item.OnEntry ?? [], pipeline.Item, stage.Item,
                document)));

    private static IEnumerable<PlaybookFault> Of(
        string at, IReadOnlyList<EntryActionSection> actions, PipelineSection pipeline, StageSection stage, PlaybookDocument document) =>
    [
        .. PlaybookFault.Twice(at, actions.Select(action => action.Key)),
        .. actions.Index().SelectMany(action => One($"{at}/{action.Index}", action.Item, pipeline, stage, document))
    ];

    private static IEnumerable<PlaybookFault> One(
        string at, EntryActionSection action, PipelineSection pipeline, StageSection stage, PlaybookDocument document)
    {
        if (((object?[])[action.Mail, action.Task, action.Document, action.Approval, action.Webhook]).Count(sort => sort is not null) != 1)
        {
            yield return new(at, "playbook.action-of", "An action is a mail, a task, a document, an approval or a webhook: one of them.");
        }

        foreach (var fault in OfCondition($"{at}/when", action.When, pipeline, stage, document)
            .Concat(OfTemplate($"{at}/mail/template", action.Mail?.Template, document, isFile: false))
            .Concat(OfRoles($"{at}/mail/roles", action.Mail?.Roles))
            .Concat(OfTemplate($"{at}/document/template", action.Document?.Template, document, isFile: true))
            .Concat(OfFlow($"{at}/approval/flow", action.Approval?.Flow, document)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<PlaybookFault> OfCondition(
        string at, UnreadCondition? when, PipelineSection pipeline, StageSection stage, PlaybookDocument document)
    {
        if (when is null)
        {
            return [];
        }

        Condition here = new Condition.All(
        [
            new Condition.Test(new("pipeline", FieldKind.Text), Operator.Eq, [pipeline.Key]),
            new Condition.Test(new("stage", FieldKind.Text), Operator.Eq, [stage.Name])
        ]);
        var faults = when.Faults(at, OpportunityFields.VocabularyOf(document), out var read);
        return read is null || Satisfiability.CanHold(new Condition.All([here, read])) ? faults
            : [new(at, "playbook.rule-never-fires", "No opportunity that comes to this stage can be so.")];
    }

    private static IEnumerable<PlaybookFault> OfTemplate(string at, string? key, PlaybookDocument document, bool isFile)
    {
        if (key is null)
        {
            yield break;
        }

        if (document.Templates?.FirstOrDefault(one => one.Key == key) is not { } template)
        {
            yield return new(at, "playbook.template-unknown", $"There is no template '{key}' in this document.");
        }
        else if (isFile && template.Html is null)
        {
            yield return new(at, "playbook.template-html", $"A file is made of a template's html, and '{key}' has none.");
        }
        else if (TemplateGaps.Name(template, "lead"))
        {
            yield return new(at, "playbook.template-of-other",
                $"'{key}' has gaps for a lead, and here it is filled in for an opportunity.");
        }
        else if (!isFile && !template.Text.Contains("{{unsubscribe}}", StringComparison.Ordinal))
        {
            yield return new(at, "playbook.no-unsubscribe",
                $"The text of '{key}' does not say where to unsubscribe; put {{{{unsubscribe}}}} into it.");
        }
    }

    private static IEnumerable<PlaybookFault> OfRoles(string at, IReadOnlyList<BuyingRole>? roles) =>
        roles is { Count: 0 }
            ? [new(at, "playbook.mail-to-nobody", "Name a role, or leave roles out to write to whoever the lead was.")]
            : DecisionChainSection.Twice(at, roles ?? []);

    private static IEnumerable<PlaybookFault> OfFlow(string at, string? key, PlaybookDocument document)
    {
        if (key is null)
        {
            yield break;
        }

        if (document.Approvals?.FirstOrDefault(one => one.Key == key) is not { } flow)
        {
            yield return new(at, "playbook.flow-unknown", $"There is no flow '{key}' among the approvals of this document.");
        }
        else if (ApprovalPolicy.Asks(flow, "percent"))
        {
            yield return new(at, "playbook.flow-by-percent",
                $"Whom '{key}' asks depends on by how much something changes, and here nothing does.");
        }
    }
}
