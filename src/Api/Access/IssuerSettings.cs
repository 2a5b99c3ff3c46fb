namespace Crm.Api.Access;

/// <summary>An issuer of access tokens that the operator trusts.</summary>
/// <param name="Authority">Its name, as <c>iss</c> spells it, below which its keys are found.</param>
/// <param name="Audience">What <c>aud</c> of its tokens must hold.</param>
/// <param name="Tenant">The tenant that it speaks for.</param>
/// <param name="TenantClaim">Or the claim that names the tenant, for an issuer that speaks for several.</param>
public sealed record IssuerSettings(string Authority, string Audience, string? Tenant, string? TenantClaim)
{
    /// <exception cref="InvalidOperationException">A setting cannot be used; the message names it.</exception>
    public static IssuerSettings From(IConfigurationSection section)
    {
        var settings = new IssuerSettings(
            Text("Authority") ?? throw Missing("Authority"), Text("Audience") ?? throw Missing("Audience"), Text("Tenant"), Text("TenantClaim"));
        if (!Uri.TryCreate(settings.Authority, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback))
        {
            throw new InvalidOperationException($"{section.Path}:Authority is '{settings.Authority}'; it must be an https address.");
        }

        return settings is { Tenant: null } == settings is { TenantClaim: null }
            ? throw new InvalidOperationException($"{section.Path} needs either Tenant or TenantClaim.")
            : settings;

        string? Text(string name) => section[name] is { Length: > 0 } text ? text : null;

        InvalidOperationException Missing(string name) => new($"{section.Path}:{name} is missing.");
    }
}
