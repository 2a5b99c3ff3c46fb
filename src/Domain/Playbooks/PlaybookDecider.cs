namespace Crm.Domain.Playbooks;

public interface IPlaybookCommand;

public sealed record DefinePipeline(string Key, string Name, IReadOnlyList<string> Stages) : IPlaybookCommand;

public static class PlaybookDecider
{
    private const int MostStages = 30;
    private const int LongestText = 80;

    public static readonly Decider<Playbook, IPlaybookCommand, IPlaybookEvent> Instance =
        new("playbook", Playbook.BuiltIn, Decide, Playbook.Evolve);

    public static IReadOnlyList<IPlaybookEvent> Decide(Playbook state, IPlaybookCommand command) => command switch
    {
        DefinePipeline c when state.Pipelines.GetValueOrDefault(c.Key) == new PipelineDefinition(c.Key, c.Name, c.Stages) => [],
        DefinePipeline c => Define(c),
        _ => []
    };

    private static IReadOnlyList<IPlaybookEvent> Define(DefinePipeline c)
    {
        Text("playbook.key", "key", c.Key);
        Text("playbook.name", "name", c.Name);
        if (c.Stages.Count is < 1 or > MostStages)
            throw Broken("playbook.stage-count", $"A pipeline has 1 to {MostStages} stages, not {c.Stages.Count}.");
        foreach (var stage in c.Stages)
            Stage(stage);
        if (c.Stages.GroupBy(stage => stage, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw Broken("playbook.stage-twice", $"'{twice.Key}' is there twice; each stage of a pipeline has a name of its own.");

        // A copy: the fact must not change when the caller's list does.
        return [new PipelineDefined(c.Key, c.Name, [.. c.Stages])];
    }

    private static void Stage(string stage)
    {
        Text("playbook.stage-name", "stages", stage);
        if (stage.Equals("Won", StringComparison.OrdinalIgnoreCase) || stage.Equals("Lost", StringComparison.OrdinalIgnoreCase))
            throw Broken("playbook.stage-reserved", $"'{stage}' is how an opportunity ends; a stage needs another name.");
    }

    private static void Text(string code, string field, string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText)
            throw Rejection.BrokenRule(code, $"'{text}' does not do: it takes 1 to {LongestText} characters, not all blank.", field);
    }

    private static Rejection Broken(string code, string message) => Rejection.BrokenRule(code, message, "stages");
}
