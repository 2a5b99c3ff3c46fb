using System.Collections.Concurrent;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using HandlebarsDotNet;

namespace Crm.Api.Playbooks;

/// <summary>Handlebars. A text sees what is put before it, and nothing of the program.</summary>
public sealed class TemplateLanguage : ITemplateLanguage
{
    public static readonly TemplateLanguage Handlebars = new();

    private const int MostMade = 1000;

    private static readonly IHandlebars Plain = HandlebarsDotNet.Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
    private static readonly IHandlebars Html = HandlebarsDotNet.Handlebars.Create(new HandlebarsConfiguration());
    private static readonly IHandlebars Strict = HandlebarsDotNet.Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true });

    // Bounded by clearing: they are cheap to make again.
    private readonly ConcurrentDictionary<(bool IsHtml, string Text), HandlebarsTemplate<object, object>> made = new();

    private TemplateLanguage()
    {
    }

    public string? Fault(string template)
    {
        try
        {
            Strict.Compile(template)(Sample());
            return null;
        }
        // Of several kinds, some of which are its own secret: whatever it throws says what is wrong with the text.
        catch (Exception wrong)
        {
            return $"This cannot be filled in: {wrong.Message.Split('\n')[0].TrimEnd('.')}. There are {{{{unsubscribe}}}} and, of the lead, {string.Join(", ", Of(null, null).Keys.Select(name => $"{{{{lead.{name}}}}}"))}.";
        }
    }

    /// <param name="isHtml">Whether what is filled in is made harmless for HTML.</param>
    public string Fill(string template, object with, bool isHtml = false)
    {
        if (made.Count > MostMade)
        {
            made.Clear();
        }

        return made.GetOrAdd((isHtml, template), static one => (one.IsHtml ? Html : Plain).Compile(one.Text))(with, null);
    }

    /// <summary>What texts for a lead see.</summary>
    /// <param name="contact">In clear.</param>
    public static Dictionary<string, object?> For(LeadCaptured lead, string? contact, string unsubscribe) =>
        new() { ["lead"] = Of(lead, contact), ["unsubscribe"] = unsubscribe };

    private static Dictionary<string, object?> Of(LeadCaptured? lead, string? contact) => new()
    {
        ["contact"] = contact,
        ["company"] = lead?.Company,
        ["role"] = lead?.Role,
        ["region"] = lead?.Region,
        ["industry"] = lead?.Industry,
        ["product"] = lead?.Product,
        ["campaign"] = lead?.Campaign,
        ["source"] = lead?.Source
    };

    private static Dictionary<string, object?> Sample() =>
        new() { ["lead"] = Of(null, null).ToDictionary(one => one.Key, object? (one) => one.Key), ["unsubscribe"] = "https://crm.example.com/unsubscribe" };
}
