namespace Crm.Domain;

/// <summary>A fact that tells what its record is called: the texts by which people search for it. Nothing of a person is among them.</summary>
public interface INaming
{
    IEnumerable<string?> Names { get; }
}
