using Crm.Domain.Conditions;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Playbooks;

/// <summary>What stands against the gates of a pipeline: items that no opportunity could ever have, and stages that none could come
/// to.</summary>
internal sealed class GatesCheck
{
    private static readonly Field Stage = new("stage", FieldKind.Text);
    private static readonly Field Pipeline = new("pipeline", FieldKind.Text);

    private readonly List<PlaybookFault> faults = [];
    private readonly PipelineSection pipeline;
    private readonly IReadOnlyCollection<string> flows;
    private readonly IReadOnlyList<string> knowable;
    private readonly Vocabulary vocabulary;

    private GatesCheck(PipelineSection pipeline, PlaybookDocument document)
    {
        this.pipeline = pipeline;
        flows = [.. (document.Approvals ?? []).Select(flow => flow.Key)];
        (knowable, vocabulary) = (OpportunityFields.OfKnowledge(document), OpportunityFields.VocabularyOf(document));
    }

    public static IEnumerable<PlaybookFault> Of(PlaybookDocument document) =>
        (document.Pipelines ?? []).SelectMany((pipeline, i) => new GatesCheck(pipeline, document).Of($"/pipelines/{i}"));

    private List<PlaybookFault> Of(string at)
    {
        var isReachable = true;
        foreach (var (i, stage) in pipeline.Stages.Index())
        {
            var road = $"{at}/stages/{i}";
            if (!isReachable)
            {
                faults.Add(new(
                    $"{road}/name", "playbook.stage-unreachable",
                    $"No opportunity ever comes to '{stage.Name}': a gate before it never opens."));
            }

            // It comes to a stage from one before it, where it is still; an opening says at once where it begins.
            string[] before = [.. pipeline.Stages.Take(Math.Max(i, 1)).Select(one => one.Name)];
            isReachable &= Opens($"{road}/entry", stage.Entry, Gate.Entry, before, isFirst: i == 0);
            isReachable &= Opens($"{road}/exit", stage.Exit, Gate.Exit, [stage.Name]);
        }

        string[] all = [.. pipeline.Stages.Select(one => one.Name)];
        Opens($"{at}/win", pipeline.Win, Gate.Win, all);
        Opens($"{at}/paid", pipeline.Paid, Gate.Paid, all);
        Opens($"{at}/delivered", pipeline.Delivered, Gate.Delivered, all);
        return faults;
    }

    // Whether any opportunity, in one of these stages, could have all that is asked for.
    private bool Opens(string at, IReadOnlyList<GateItemSection>? items, Gate gate, IReadOnlyList<string> from, bool isFirst = false)
    {
        var known = faults.Count;
        Condition here = new Condition.All(
            [new Condition.Test(Pipeline, Operator.Eq, [pipeline.Key]), new Condition.Test(Stage, Operator.In, [.. from])]);
        faults.AddRange(PlaybookFault.Twice(at, (items ?? []).Select(item => item.Key)));
        List<Condition> together = [here];
        foreach (var (i, item) in (items ?? []).Index())
        {
            One($"{at}/{i}", item, gate, isFirst, here, together);
        }

        if (faults.Count == known && !Satisfiability.CanHold(new Condition.All(together)))
        {
            faults.Add(new(at, "playbook.gate-never-opens", "No opportunity can be all that is asked for here at once."));
        }

        return faults.Skip(known).All(fault => fault.Code != "playbook.gate-never-opens");
    }

    private void One(string at, GateItemSection item, Gate gate, bool isFirst, Condition here, List<Condition> together)
    {
        if (((object?[])[item.Attachment, item.Field, item.Touch, item.Approval, item.Holds]).Count(sort => sort is not null) != 1)
        {
            faults.Add(new(at, "playbook.evidence-of",
                "A gate asks for an attachment by its label, a field that is known, a touch, an approval, or that a condition holds: "
                + "one of them."));
            return;
        }

        if (item.Field is { } field && (!knowable.Contains(field) || OpportunityFields.GateOf(field) is { } only && only != gate))
        {
            faults.Add(new(
                $"{at}/field", "playbook.field-unknown", $"An opportunity has no '{field}' that could be known or not here; there are "
                + $"{string.Join(", ", knowable.Where(name => OpportunityFields.GateOf(name) is not { } one || one == gate))}."));
        }

        if (item.Touch?.IsAny == true)
        {
            faults.Add(new($"{at}/touch", "playbook.evidence-of", "Say which touch: its kind, its direction, what it came to."));
        }

        if (item.InStage && (gate != Gate.Exit || (item.Attachment ?? item.Approval ?? (object?)item.Touch) is null))
        {
            faults.Add(new(
                $"{at}/inStage", "playbook.gate-in-stage",
                "Only what an exit asks for as attachments, touches and approvals can have come while it was in the stage."));
        }

        foreach (var (member, flow) in new[] { ("approval", item.Approval), ("orApproval", item.OrApproval) })
        {
            if (flow is not null && !flows.Contains(flow))
            {
                faults.Add(new(
                    $"{at}/{member}", "playbook.flow-unknown", $"There is no flow '{flow}' among the approvals of this document."));
            }
        }

        var when = Read($"{at}/when", item.When) ?? Condition.Everything;
        if (!Satisfiability.CanHold(new Condition.All([here, when])))
        {
            faults.Add(new($"{at}/when", "playbook.rule-never-fires", "No opportunity at this gate can be so: this is never asked for."));
        }

        if (isFirst && (item.Attachment ?? item.Approval ?? (object?)item.Touch) is not null && item.When is null)
        {
            faults.Add(new(
                at, "playbook.gate-never-opens",
                "When an opportunity is opened nothing is attached yet, and nothing has happened with it."));
        }

        if (item.Holds is not null && Read($"{at}/holds", item.Holds) is { } holds)
        {
            Condition asked = new Condition.Any([new Condition.Not(when), holds]);
            if (!Satisfiability.CanHold(new Condition.All([here, when, holds])))
            {
                faults.Add(new($"{at}/holds", "playbook.gate-never-opens", "No opportunity at this gate can be so."));
            }

            together.Add(asked);
        }
    }

    private Condition? Read(string at, UnreadCondition? condition)
    {
        if (condition is null)
        {
            return null;
        }

        faults.AddRange(condition.Faults(at, vocabulary, out var read));
        return read;
    }
}
