using System.Collections.Immutable;

namespace Crm.Domain.Playbooks;

/// <summary>A tenant's rules as data, as they are in force at a moment.</summary>
/// <param name="Version">Which they are; 0 is the playbook that ships.</param>
/// <param name="Pipelines">By their key.</param>
/// <param name="Document">What was published; null while nothing was.</param>
public sealed record Playbook(long Version, ImmutableSortedDictionary<string, PipelineDefinition> Pipelines, PlaybookDocument? Document = null)
{
    public static readonly Playbook BuiltIn = new(
        Version: 0,
        ImmutableSortedDictionary.Create<string, PipelineDefinition>(StringComparer.Ordinal)
            .Add("standard", new("standard", "Standard", ["Prospecting", "Engaging", "Proposal", "Negotiation"])));

    /// <summary>The number of the document; null while there is none.</summary>
    public long? Number { get; init; }

    /// <summary>Which changes of amounts wait; null where none do.</summary>
    public AmountBreakerSection? AmountBreaker { get; init; }

    /// <summary>All documents that there ever were.</summary>
    public ImmutableList<PlaybookPublished> Published { get; init; } = [];

    /// <summary>The same without gates and breakers: for what a file tells, which has happened whatever is asked for now.</summary>
    public Playbook WithoutGates() => this with
    {
        Number = null,
        AmountBreaker = null,
        Published = [],
        Pipelines = Pipelines.ToImmutableSortedDictionary(one => one.Key, one => one.Value with { Section = null }, StringComparer.Ordinal)
    };

    /// <summary>All that is said of a pipeline; null where no more is known of it than its stages.</summary>
    public PipelineSection? Road(string pipeline) => Pipelines.GetValueOrDefault(pipeline)?.Section;

    /// <summary>What another version said of it.</summary>
    public PipelineSection? Road(string pipeline, long version) =>
        DocumentOf(version)?.Pipelines?.FirstOrDefault(one => one.Key == pipeline);

    /// <summary>What was published under a number.</summary>
    public PlaybookDocument? DocumentOf(long version) => Published.Find(one => one.Number == version)?.Document;
}
