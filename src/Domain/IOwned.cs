namespace Crm.Domain;

/// <summary>The state of a record that somebody works on.</summary>
public interface IOwned
{
    string? Rep { get; }

    string? Team { get; }
}
