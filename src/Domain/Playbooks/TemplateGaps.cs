using System.Text.RegularExpressions;

namespace Crm.Domain.Playbooks;

/// <summary>What the gaps of a template are filled in of.</summary>
internal static class TemplateGaps
{
    /// <summary>Whether a gap, or a condition, names something of a kind of record, such as <c>lead</c>.</summary>
    public static bool Name(TemplateSection template, string record) => ((string?[])[template.Subject, template.Text, template.Html])
        .Any(text => text is not null && Regex.IsMatch(text, $@"\{{\{{[^{{}}]*\b{record}\."));
}
