using System.Security.Cryptography;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Crm.Api.Access;

/// <summary>
/// An issuer of access tokens for development: whoever has the development key gets a token of any member of <c>main</c>, to see what that one
/// sees. Its key is made at start, so tokens end with the program; where no development key is set there is no such issuer.
/// </summary>
public sealed class DevIssuer(TimeProvider clock) : IDisposable
{
    /// <summary>As <c>iss</c>; the subject of its tokens is a member's id.</summary>
    public const string Name = "urn:crm:development";

    private const string Audience = "crm";

    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TrustedIssuer Trusted
    {
        get
        {
            var published = new OpenIdConnectConfiguration { Issuer = Name };
            published.SigningKeys.Add(SigningKey);
            return new TrustedIssuer(Name, Audience, Caller.Developer.Tenant, TenantClaim: null, new StaticConfigurationManager<OpenIdConnectConfiguration>(published));
        }
    }

    private ECDsaSecurityKey SigningKey => new(key) { KeyId = "development" };

    public TokenAnswer Token(string member)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var text = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Name,
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Life,
            TokenType = "at+jwt",
            Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = member },
            SigningCredentials = new SigningCredentials(SigningKey, SecurityAlgorithms.EcdsaSha256)
        });
        return new TokenAnswer(text, "Bearer", (int)Life.TotalSeconds);
    }

    public void Dispose() => key.Dispose();
}

/// <param name="Member">Whose token it is to be.</param>
public sealed record TokenRequest(string Member);

/// <summary>Named as RFC 6749 names it.</summary>
public sealed record TokenAnswer(
    [property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string AccessToken,
    [property: System.Text.Json.Serialization.JsonPropertyName("token_type")] string TokenType,
    [property: System.Text.Json.Serialization.JsonPropertyName("expires_in")] int ExpiresIn);

internal static class DevIssuerEndpoint
{
    public static void MapDevIssuer(this IEndpointRouteBuilder app, DevIssuer issuer) =>
        app.MapPost("/dev/token", async (Body<TokenRequest> body, Caller by, Organisations organisations, CancellationToken ct) =>
        {
            if (by.Credential is not { Kind: DevKey.Kind })
            {
                throw new Problem(403, Code.Forbidden, "Only the development key gets tokens here.");
            }

            var member = body.Value.Member;
            return (await organisations.Of(by.Tenant, ct)).Active(member) is not null
                ? TypedResults.Json(issuer.Token(member))
                : throw Rejection.Unknown("access.member-unknown", "There is no such member, or he is suspended.");
        }).Needs(Functions.MembersManage).ExcludeFromDescription();
}
