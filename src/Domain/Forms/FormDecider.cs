namespace Crm.Domain.Forms;

public interface IFormCommand;

public sealed record PublishForm(
    string Name, string Source, IReadOnlyList<string> Origins, int PerMinute, string Honeypot, string? Campaign = null, string? Product = null,
    string? Country = null, string? Layout = null) : IFormCommand;

/// <summary>What is null stays as it is; what is named in <paramref name="Cleared"/> is not said any more.</summary>
public sealed record ChangeForm(
    string? Name = null, string? Source = null, IReadOnlyList<string>? Origins = null, int? PerMinute = null, string? Honeypot = null,
    string? Campaign = null, string? Product = null, string? Country = null, IReadOnlyList<string>? Cleared = null,
    string? Layout = null) : IFormCommand;

public sealed record RetireForm(string? Reason = null) : IFormCommand;

public static class FormDecider
{
    private const int MostOrigins = 20;

    /// <summary>The members of a submission, none of which a honeypot can be called.</summary>
    public static readonly IReadOnlyList<string> Fields =
        ["company", "contact", "email", "phone", "role", "region", "industry", "employees", "sizeBand", "product", "message"];

    public static readonly Decider<Form, IFormCommand, IFormEvent> Instance = new("form", Form.None, Decide, Form.Evolve);

    public static IReadOnlyList<IFormEvent> Decide(Form state, IFormCommand command) => (state, command) switch
    {
        ({ Details: null }, PublishForm c) => [Checked(new FormPublished(
            c.Name, c.Source, [.. c.Origins.Distinct()], c.PerMinute, c.Honeypot, c.Campaign, c.Product, c.Country, c.Layout))],
        (_, PublishForm) => throw Rejection.WrongState("form.published", "This form is published already."),
        ({ Details: null }, _) => throw Rejection.Unknown("form.unknown", "There is no such form."),
        ({ IsRetired: true }, RetireForm) => [],
        ({ IsRetired: true }, _) => throw Rejection.WrongState("form.retired", "This form is retired; publish a new one."),
        (_, ChangeForm c) => Changed(state.Details!, c),
        (_, RetireForm c) => [new FormRetired(c.Reason)],
        _ => []
    };

    // Only what becomes another than it was is a fact.
    private static IReadOnlyList<IFormEvent> Changed(FormPublished form, ChangeForm c)
    {
        var origins = c.Origins?.Distinct().ToList();
        var changed = new FormChanged(
            Change.Other(c.Name, form.Name), Change.Other(c.Source, form.Source), origins is null || origins.SequenceEqual(form.Origins) ? null : origins,
            Change.Other(c.PerMinute, form.PerMinute), Change.Other(c.Honeypot, form.Honeypot), Change.Other(c.Campaign, form.Campaign),
            Change.Other(c.Product, form.Product), Change.Other(c.Country, form.Country),
            Change.Cleared(c.Cleared, name => Known(form, name)), Change.Other(c.Layout, form.Layout));
        if (changed == new FormChanged())
        {
            return [];
        }

        Checked(changed.Over(form));
        return [changed];
    }

    private static bool Known(FormPublished form, string name) => name switch
    {
        "campaign" => form.Campaign is not null,
        "product" => form.Product is not null,
        "country" => form.Country is not null,
        "layout" => form.Layout is not null,
        _ => throw Rejection.BrokenRule("form.needed", $"A form has {name}; send another one.", name)
    };

    private static FormPublished Checked(FormPublished form)
    {
        if (form.Origins.Count > MostOrigins)
            throw Rejection.BrokenRule("form.origins", $"A form has at most {MostOrigins} origins, not {form.Origins.Count}.", "origins");
        if (form.Origins.FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong)
            throw Rejection.BrokenRule("form.origin", $"'{wrong}' is not how a browser names where a page is from: https://www.example.com, small letters, without path.", "origins");
        if (form.PerMinute is < 1 or > 6000)
            throw Rejection.BrokenRule("form.per-minute", $"A form takes 1 to 6000 a minute, not {form.PerMinute}.", "perMinute");
        if (form.Honeypot.Length is < 1 or > 40 || !form.Honeypot.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') || Fields.Contains(form.Honeypot))
            throw Rejection.BrokenRule("form.honeypot", "The honeypot is 1 to 40 of a-z, A-Z, 0-9, '_' and '-', and none of the fields that people fill in.", "honeypot");
        if (form.Country is { } country && (country.Length != 2 || !country.All(char.IsAsciiLetterUpper)))
            throw Rejection.BrokenRule("form.country", "A country is two capital letters: CN.", "country");
        return form;
    }

    // A page in development may come over http, from its own machine.
    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && origin == uri.GetLeftPart(UriPartial.Authority) && uri.UserInfo.Length == 0;
}
