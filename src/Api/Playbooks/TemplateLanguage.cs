using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using HandlebarsDotNet;

namespace Crm.Api.Playbooks;

/// <summary>Of Handlebars gaps and conditions. A text sees what is put before it, and nothing of the program.</summary>
public sealed partial class TemplateLanguage : ITemplateLanguage
{
    public static readonly TemplateLanguage Handlebars = new();

    private const int MostMade = 1000;
    private const int MostConditions = 100;

    private static readonly IHandlebars Plain = HandlebarsDotNet.Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
    private static readonly IHandlebars Html = HandlebarsDotNet.Handlebars.Create(new HandlebarsConfiguration());
    private static readonly IHandlebars Strict = HandlebarsDotNet.Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true });

    // Bounded by clearing: they are cheap to make again.
    private readonly ConcurrentDictionary<(bool IsHtml, string Text), HandlebarsTemplate<object, object>> made = new();

    private TemplateLanguage()
    {
    }

    // A few lines of loops in loops would be filled in for hours, and calls in calls fill the stack, of which no program recovers.
    [GeneratedRegex(@"\{\{\{?~?\s*(![^{}]*|else(\s+if\s+[\w.\[\]]+)?|/(if|unless)|#(if|unless)\s+[\w.\[\]]+|[\w.\[\]]+)\s*~?\}?\}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Known { get; }

    [GeneratedRegex(@"\{\{~?\s*(#|else\s)")]
    private static partial Regex Condition { get; }

    public string? Fault(string template)
    {
        if (template.Contains("{{{{", StringComparison.Ordinal) || Known.Replace(template, "").Contains("{{", StringComparison.Ordinal))
        {
            return "Of Handlebars there are gaps, {{#if …}}, {{#unless …}}, {{else}} and comments; one of these is not closed, or there is something else.";
        }

        if (Condition.Count(template) > MostConditions)
        {
            return $"A text has at most {MostConditions} conditions.";
        }

        try
        {
            Strict.Compile(template)(Sample());
            return null;
        }
        // Of several kinds, some of which are its own secret: whatever it throws says what is wrong with the text.
        catch (Exception wrong)
        {
            return $"This cannot be filled in: {wrong.Message.Split('\n')[0].TrimEnd('.')}. "
                + $"There are {{{{unsubscribe}}}}, of the lead {Gaps("lead", Of(null, null))}, "
                + $"and of the opportunity {Gaps("opportunity", OfDeal(null, null))}.";
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

    /// <summary>What texts for an opportunity see.</summary>
    /// <param name="unsubscribe">Null where nobody is written to.</param>
    public static Dictionary<string, object?> For(Opportunity deal, string? customer, string? unsubscribe) =>
        new() { ["opportunity"] = OfDeal(deal, customer), ["unsubscribe"] = unsubscribe };

    private static Dictionary<string, object?> OfDeal(Opportunity? deal, string? customer) => new()
    {
        ["name"] = deal?.Details?.Name,
        ["customer"] = customer,
        ["stage"] = deal?.Stage,
        ["amount"] = deal?.Amount?.ToString(),
        ["currency"] = deal?.Amount?.Currency,
        ["product"] = deal?.Details?.Product,
        ["region"] = deal?.Region,
        ["rep"] = deal?.Rep,
        ["team"] = deal?.Team,
        ["expectedClose"] = deal?.ExpectedClose?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["reference"] = deal?.Details?.ExternalId
    };

    private static string Gaps(string record, Dictionary<string, object?> of) =>
        string.Join(", ", of.Keys.Select(name => $"{{{{{record}.{name}}}}}"));

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
        new()
        {
            ["lead"] = Of(null, null).ToDictionary(one => one.Key, object? (one) => one.Key),
            ["opportunity"] = OfDeal(null, null).ToDictionary(one => one.Key, object? (one) => one.Key),
            ["unsubscribe"] = "https://crm.example.com/unsubscribe"
        };
}
