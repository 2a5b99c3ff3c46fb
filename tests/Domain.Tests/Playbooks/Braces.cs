using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Playbooks;

/// <summary>Stands for the language of templates, of which the domain knows nothing: what is opened is closed.</summary>
internal sealed class Braces : ITemplateLanguage
{
    public static readonly Braces Balanced = new();

    public string? Fault(string template) => template.Split("{{").Length == template.Split("}}").Length ? null : "A gap is not closed.";
}
