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
}
