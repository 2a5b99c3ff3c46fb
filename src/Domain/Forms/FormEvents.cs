namespace Crm.Domain.Forms;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IFormEvent;

/// <param name="Source">What the leads that come by it have as their source.</param>
/// <param name="Origins">Web pages, as browsers name where they are, that may send it: <c>https://www.example.com</c>.</param>
/// <param name="PerMinute">How many it takes in a minute.</param>
/// <param name="Country">Where telephone numbers without country code are, by two letters; null for the tenant's.</param>
/// <param name="Honeypot">A field that people do not see; whoever fills it in is a program.</param>
/// <param name="Layout">The form of the playbook that says what it asks; null for all that can be filled in.</param>
public sealed record FormPublished(
    string Name,
    string Source,
    IReadOnlyList<string> Origins,
    int PerMinute,
    string Honeypot,
    string? Campaign = null,
    string? Product = null,
    string? Country = null,
    string? Layout = null) : IFormEvent;

/// <summary>What is given is so from now on.</summary>
/// <param name="Cleared">Members that are not said any more, in camelCase.</param>
public sealed record FormChanged(
    string? Name = null,
    string? Source = null,
    IReadOnlyList<string>? Origins = null,
    int? PerMinute = null,
    string? Honeypot = null,
    string? Campaign = null,
    string? Product = null,
    string? Country = null,
    IReadOnlyList<string>? Cleared = null,
    string? Layout = null) : IFormEvent
{
    /// <summary>The form as it is after this.</summary>
    public FormPublished Over(FormPublished form) => new(
        Name ?? form.Name, Source ?? form.Source, Origins ?? form.Origins, PerMinute ?? form.PerMinute, Honeypot ?? form.Honeypot,
        Change.Of(Cleared, "campaign", Campaign, form.Campaign), Change.Of(Cleared, "product", Product, form.Product),
        Change.Of(Cleared, "country", Country, form.Country), Change.Of(Cleared, "layout", Layout, form.Layout));
}

/// <summary>It takes nothing any more.</summary>
public sealed record FormRetired(string? Reason = null) : IFormEvent;
