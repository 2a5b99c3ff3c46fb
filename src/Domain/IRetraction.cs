namespace Crm.Domain;

/// <summary>
/// Takes back, for good, facts of its own stream: they are folded no more, as if they had never been said. They stay in the log, and whoever asks what was known
/// before still finds them.
/// </summary>
public interface IRetraction
{
    /// <summary>The facts that are taken back.</summary>
    IReadOnlyList<Guid> Events { get; }
}
