using System.Text.RegularExpressions;

namespace Crm.Api.Forms;

/// <summary>The name by which a web page sends a form: <c>form_&lt;tenant&gt;_&lt;form&gt;</c>. No secret: everybody can read it there.</summary>
public sealed partial record FormKey(string Tenant, Guid Form)
{
    public static FormKey? Parse(string text) =>
        Spelling().Match(text) is { Success: true } match ? new(match.Groups[1].Value, Guid.ParseExact(match.Groups[2].Value, "N")) : null;

    public override string ToString() => $"form_{Tenant}_{Form:N}";

    [GeneratedRegex(@"\Aform_([a-z0-9][a-z0-9-]{0,39})_([0-9a-f]{32})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Spelling();
}
