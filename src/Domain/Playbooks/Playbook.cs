using System.Collections.Immutable;

namespace Crm.Domain.Playbooks;

/// <summary>A tenant's rules as data, as they stand after so many facts.</summary>
/// <param name="Version">How many facts made it; 0 is the playbook that ships.</param>
/// <param name="Pipelines">By their key.</param>
public sealed record Playbook(long Version, ImmutableSortedDictionary<string, PipelineDefinition> Pipelines)
{
    public static readonly Playbook BuiltIn = new(
        Version: 0,
        ImmutableSortedDictionary.Create<string, PipelineDefinition>(StringComparer.Ordinal)
            .Add("standard", new("standard", "Standard", ["Prospecting", "Engaging", "Proposal", "Negotiation"])));

    public static Playbook Evolve(Playbook state, IPlaybookEvent @event) => @event switch
    {
        PipelineDefined e => new(state.Version + 1, state.Pipelines.SetItem(e.Key, new(e.Key, e.Name, e.Stages))),
        _ => state
    };
}
