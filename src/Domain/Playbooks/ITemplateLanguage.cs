namespace Crm.Domain.Playbooks;

/// <summary>The language that templates are written in.</summary>
public interface ITemplateLanguage
{
    /// <summary>What is wrong with a text; null where nothing is.</summary>
    string? Fault(string template);
}
