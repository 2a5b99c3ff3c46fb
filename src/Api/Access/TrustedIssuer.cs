using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Crm.Api.Access;

/// <summary>An issuer whose tokens are taken, and for which tenant.</summary>
/// <param name="Name">The <c>iss</c> of its tokens, to the letter.</param>
/// <param name="Tenant">The one tenant that it speaks for; null where a claim names the tenant.</param>
public sealed record TrustedIssuer(string Name, string Audience, string? Tenant, string? TenantClaim, IConfigurationManager<OpenIdConnectConfiguration> Keys)
{
    public string? TenantOf(JsonWebToken token) =>
        Tenant ?? (token.TryGetPayloadValue<string>(TenantClaim, out var named) && ApiKeyText.IsTenant(named) ? named : null);

    /// <summary>One whose keys are found by discovery, at <c>/.well-known/openid-configuration</c> below its name.</summary>
    public static TrustedIssuer Discovered(IssuerSettings settings)
    {
        var address = $"{settings.Authority.TrimEnd('/')}/.well-known/openid-configuration";
        var retriever = new HttpDocumentRetriever(new HttpClient { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = 1 << 20 })
        {
            RequireHttps = !new Uri(settings.Authority).IsLoopback
        };
        return new TrustedIssuer(settings.Authority, settings.Audience, settings.Tenant, settings.TenantClaim,
            new ConfigurationManager<OpenIdConnectConfiguration>(address, new OpenIdConnectConfigurationRetriever(), retriever)
            {
                RefreshInterval = TimeSpan.FromSeconds(10),
                AutomaticRefreshInterval = TimeSpan.FromHours(1)
            });
    }
}
