using Crm.Domain.Activities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Opportunities;

/// <summary>
/// What stands between an opportunity and a stage. On its way forward it passes the gates of all stages between; what the stage that it is
/// in asks for is as it was when it came to it, whatever the playbook says by now. Back it goes freely.
/// </summary>
public static class StageGates
{
    /// <summary>What is asked for on the way from where it is, in the order in which it is passed.</summary>
    /// <param name="to">The stage; null for won.</param>
    /// <exception cref="Rejection">There is no such stage.</exception>
    public static IReadOnlyList<GateItem> Ahead(Opportunity deal, Playbook playbook, string? to)
    {
        if (to is not null)
        {
            OpportunityRules.Stage(deal.Opened!.Pipeline, to, playbook);
        }

        var stages = Stages(deal, playbook);
        var (from, target) = (stages.IndexOf(deal.Stage!), to is null ? stages.Count : stages.IndexOf(to));
        return target <= from ? [] : [.. Asked(deal, [.. Leaving(deal, playbook), .. Between(deal, playbook, from, target)])];
    }

    /// <summary>What is asked for where it begins at a stage.</summary>
    public static IReadOnlyList<GateItem> Opening(Opportunity deal, Playbook playbook) =>
        [.. Asked(deal, Between(deal, playbook, from: -1, Stages(deal, playbook).IndexOf(deal.Stage!), isFirst: true))];

    /// <summary>What serves for all gates that lie behind it then.</summary>
    /// <exception cref="Rejection">Something is missing; it names each.</exception>
    public static IReadOnlyList<GatePassed>? Pass(
        Opportunity deal, IReadOnlyList<GateItem> asked, IEnumerable<GatePassed> kept, string at, string where)
    {
        var missing = asked.Where(item => !item.IsMetBy(deal))
            .Select(item => item.Fault(deal, at.Length == 0 && item.IsOfVoucher ? "/reference" : at)).ToList();
        if (missing.Count > 0)
        {
            throw Rejection.BrokenRules("opportunity.gate",
                $"{missing.Count} {(missing.Count == 1 ? "thing is" : "things are")} missing {where}; errors names each.", missing);
        }

        // One that is passed again, as after it was won from further back, is there once.
        List<GatePassed> passed =
            [.. kept.Where(one => !asked.Any(item => item.Is(one))), .. asked.Select(item => item.Passed(deal)).OfType<GatePassed>()];
        return passed.Count == 0 ? null : passed;
    }

    /// <summary>The passed gates that still lie behind it at a stage; what a win asked for never does.</summary>
    public static IEnumerable<GatePassed> Behind(Opportunity deal, Playbook playbook, string stage)
    {
        var stages = Stages(deal, playbook);
        var target = stages.IndexOf(stage);
        return deal.Passed.Where(passed => passed.Gate != Gate.Win && stages.IndexOf(passed.Stage) is var place
            && (place < target || (place == target && passed.Gate == Gate.Entry)));
    }

    /// <summary>What served when it passed, and is not there any more.</summary>
    public static IEnumerable<GatePassed> Gone(Opportunity deal) => deal.Passed.Where(passed => passed.Evidence.FoundIn(deal) is null);

    /// <summary>What is to be done before it goes on from the stage that it is in, by its keys: what is not there, and what is; null where
    /// there is none. What an approval stands in for is neither.</summary>
    /// <param name="rules">Those of the version by which it is judged there.</param>
    public static (IReadOnlyList<string>? Missing, IReadOnlyList<string>? Done) ToDo(Opportunity deal, string stage, StagePolicy rules)
    {
        var items = Asked(deal, Items(stage, Gate.Exit, rules.ExitOf(deal.Opened!.Pipeline, stage), rules.Document, isInIt: true))
            .Where(item => item.Asks != GateAsk.Condition).ToList();
        return (Keys(item => !item.IsMetBy(deal)), Keys(item => item.IsMetByItself(deal)));

        IReadOnlyList<string>? Keys(Func<GateItem, bool> which) =>
            items.Where(which).Select(item => item.Section.Key).ToList() is { Count: > 0 } keys ? keys : null;
    }

    /// <summary>The version by which it is judged while it is in a stage; null where that asks for nothing, sets no limits, and does
    /// nothing by itself.</summary>
    public static long? VersionFor(string pipeline, string stage, Playbook playbook) =>
        playbook.Road(pipeline)?.Stages.FirstOrDefault(one => one.Name == stage)
            is { Exit.Count: > 0 } or { Limits.Count: > 0 } or { OnEntry.Count: > 0 } ? playbook.Number : null;

    /// <summary>Those of a gate's items that are asked of an opportunity.</summary>
    internal static IReadOnlyList<GateItem> Asked(
        Opportunity deal, string stage, Gate gate, IReadOnlyList<GateItemSection>? items, Playbook playbook) =>
        [.. Asked(deal, Items(stage, gate, items, playbook.Document))];

    private static IEnumerable<GateItem> Asked(Opportunity deal, IEnumerable<GateItem> items) => items.Where(item => item.IsAskedOf(deal));

    private static IEnumerable<GateItem> Leaving(Opportunity deal, Playbook playbook) =>
        deal.StageVersion is not { } version ? [] : Items(
            deal.Stage!, Gate.Exit,
            playbook.Road(deal.Opened!.Pipeline, version)?.Stages.FirstOrDefault(one => one.Name == deal.Stage)?.Exit,
            playbook.DocumentOf(version), isInIt: true);

    private static IEnumerable<GateItem> Between(Opportunity deal, Playbook playbook, int from, int target, bool isFirst = false)
    {
        if (playbook.Road(deal.Opened!.Pipeline) is not { } road)
        {
            yield break;
        }

        // From a stage that the pipeline has no more nobody knows what lies between.
        for (var i = from < 0 && !isFirst ? target : from + 1; i <= target; i++)
        {
            var stage = i < road.Stages.Count ? road.Stages[i] : null;
            foreach (var item in stage is null ? Items(road.Stages[^1].Name, Gate.Win, road.Win, playbook.Document)
                : Items(stage.Name, Gate.Entry, stage.Entry, playbook.Document))
            {
                yield return item;
            }

            foreach (var item in i < target && stage is not null ? Items(stage.Name, Gate.Exit, stage.Exit, playbook.Document) : [])
            {
                yield return item;
            }
        }
    }

    private static IEnumerable<GateItem> Items(
        string stage, Gate gate, IReadOnlyList<GateItemSection>? items, PlaybookDocument? document, bool isInIt = false) =>
        items is null ? [] : items.Select(item => new GateItem(stage, gate, item, OpportunityFields.VocabularyOf(document), isInIt));

    private static List<string> Stages(Opportunity deal, Playbook playbook) =>
        [.. playbook.Pipelines.GetValueOrDefault(deal.Opened!.Pipeline)?.Stages ?? []];
}
