namespace Crm.Domain.Playbooks;

/// <summary>The road an opportunity takes: consecutive stages that exclude each other. Won and lost are outcomes, not stages.</summary>
public sealed record PipelineDefinition(string Key, string Name, IReadOnlyList<string> Stages)
{
    /// <summary>All that the playbook says of it; null where a file brought it, or nobody said more.</summary>
    public PipelineSection? Section { get; init; }

    // A list compares by reference; two definitions are equal when they say the same road.
    public bool Equals(PipelineDefinition? other) =>
        other is not null && Key == other.Key && Name == other.Name && Stages.SequenceEqual(other.Stages);

    public override int GetHashCode() => HashCode.Combine(Key, Name, Stages.Count);
}
