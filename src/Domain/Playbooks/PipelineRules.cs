namespace Crm.Domain.Playbooks;

/// <summary>How a pipeline may be.</summary>
internal static class PipelineRules
{
    private const int MostStages = 30;
    private const int LongestText = 80;

    /// <summary>What is wrong with one, and which of its members; null where nothing is.</summary>
    public static (string Code, string Member, string Message)? Broken(string key, string name, IReadOnlyList<string> stages) =>
        Text("playbook.key", "key", key) ?? Text("playbook.name", "name", name) ?? Count(stages) ?? stages.Select(Stage).FirstOrDefault(fault => fault is not null) ?? Twice(stages);

    private static (string, string, string)? Count(IReadOnlyList<string> stages) => stages.Count is >= 1 and <= MostStages
        ? null : ("playbook.stage-count", "stages", $"A pipeline has 1 to {MostStages} stages, not {stages.Count}.");

    private static (string, string, string)? Stage(string stage) =>
        Text("playbook.stage-name", "stages", stage) ??
        (stage.Equals("Won", StringComparison.OrdinalIgnoreCase) || stage.Equals("Lost", StringComparison.OrdinalIgnoreCase)
            ? ("playbook.stage-reserved", "stages", $"'{stage}' is how an opportunity ends; a stage needs another name.") : null);

    private static (string, string, string)? Twice(IReadOnlyList<string> stages) =>
        stages.GroupBy(stage => stage, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? ("playbook.stage-twice", "stages", $"'{twice.Key}' is there twice; each stage of a pipeline has a name of its own.") : null;

    private static (string, string, string)? Text(string code, string member, string text) => string.IsNullOrWhiteSpace(text) || text.Length > LongestText
        ? (code, member, $"'{text}' does not do: it takes 1 to {LongestText} characters, not all blank.") : null;
}
