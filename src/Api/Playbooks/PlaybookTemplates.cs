using System.Text.Json;
using Crm.Api.Http.Shapes;
using Crm.Domain.Playbooks;

namespace Crm.Api.Playbooks;

/// <summary>Playbooks that ship, to begin with: read the way that everybody's are.</summary>
public static class PlaybookTemplates
{
    private static readonly string[] Keys = ["b2b", "fmcg"];
    private static readonly string[] Languages = ["en", "zh-CN"];

    public static IReadOnlyList<PlaybookTemplateAnswer> All { get; } =
        [.. Keys.SelectMany(key => Languages.Select(language => new PlaybookTemplateAnswer(key, language, Read($"{key}.{language}"))))];

    private static PlaybookDocument Read(string name)
    {
        using var stream = typeof(PlaybookTemplates).Assembly.GetManifestResourceStream($"Crm.Api.Playbooks.Templates.{name}.json") ??
            throw new InvalidOperationException($"There is no template {name}.");
        using var json = JsonDocument.Parse(stream);
        var faults = new Findings();
        var document = Shape.OfRecord(typeof(PlaybookDocument)).Read(json.RootElement, Place.Body(faults));
        faults.ThrowIfAny();
        return (PlaybookDocument)document!;
    }
}
