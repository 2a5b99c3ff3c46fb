using System.Collections.Frozen;
using System.Text.Json;
using Crm.Api.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Crm.Api.Access;

/// <summary>What a valid access token says.</summary>
public sealed record Token(string Tenant, string Issuer, string Subject, DateTimeOffset ExpiresAt);

/// <summary>
/// Access tokens of the issuers that the operator trusts, checked as RFC 8725 and RFC 9068 ask: issuer, audience, times and signature by the
/// issuer's published keys, asymmetric algorithms only, and nothing in the token that says where to find a key.
/// </summary>
public sealed class Tokens(IReadOnlyList<TrustedIssuer> issuers)
{
    private const int MostBytes = 8 << 10;
    private static readonly TimeSpan MostLife = TimeSpan.FromHours(24);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MostBytes };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
    private static readonly string[] KeyHints = ["jku", "jwk", "x5u", "x5c", "crit", "zip", "enc", "b64"];

    // A token that was made for another use: an ID token, a logout token, a proof.
    private static readonly string[] OtherUse = ["nonce", "at_hash", "c_hash", "s_hash", "events", "htm"];
    private static readonly string[] AccessTypes = ["at+jwt", "application/at+jwt", "JWT"];

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512
    ];

    // Whoever comes with a key that is not known yet waits for it, rather than being refused while it is fetched behind his back.
    static Tokens() => AppContext.SetSwitch("Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking", true);

    private readonly FrozenDictionary<string, TrustedIssuer> issuers = issuers.ToFrozenDictionary(issuer => issuer.Name, StringComparer.Ordinal);

    /// <exception cref="Problem">401: it is no token of an issuer that is trusted here. 503: the issuer's keys cannot be had.</exception>
    public async Task<Token> Read(string text, CancellationToken ct)
    {
        if (text.Length > MostBytes || text.Count(c => c == '.') != 2 || !Handler.CanReadToken(text))
        {
            throw Refusal.Invalid("It is neither an API key nor a signed token.");
        }

        if (!issuers.TryGetValue(IssuerOf(text), out var issuer))
        {
            throw Refusal.Invalid("Its issuer is not trusted here.");
        }

        var result = await Validate(text, issuer, ct);
        if (!result.IsValid)
        {
            throw Refusal.Invalid(Why(result.Exception));
        }

        var valid = (JsonWebToken)result.SecurityToken;
        var tenant = issuer.TenantOf(valid) ?? throw Refusal.Invalid("It does not say for which tenant it is.");
        return valid.Subject is { Length: > 0 } subject
            ? new Token(tenant, issuer.Name, subject, new DateTimeOffset(valid.ValidTo, TimeSpan.Zero))
            : throw Refusal.Invalid("It has no subject.");
    }

    private static string IssuerOf(string text)
    {
        try
        {
            var parts = text.Split('.');
            using var header = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(parts[0]), Strict);
            using var claims = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(parts[1]), Strict);
            if (KeyHints.Any(name => header.RootElement.TryGetProperty(name, out _)))
            {
                throw Refusal.Invalid("Its header has members that are not taken here.");
            }

            return OtherUse.Any(name => claims.RootElement.TryGetProperty(name, out _))
                ? throw Refusal.Invalid("It is not an access token.")
                : claims.RootElement.GetProperty("iss").GetString() ?? "";
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw Refusal.Invalid("It cannot be read.");
        }
    }

    private static async Task<TokenValidationResult> Validate(string text, TrustedIssuer issuer, CancellationToken ct)
    {
        var result = await Handler.ValidateTokenAsync(text, Parameters(issuer, await Keys(issuer, ct)));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The issuer may have changed its keys since they were fetched.
            issuer.Keys.RequestRefresh();
            result = await Handler.ValidateTokenAsync(text, Parameters(issuer, await Keys(issuer, ct)));
        }

        return result;
    }

    private static async Task<ICollection<SecurityKey>> Keys(TrustedIssuer issuer, CancellationToken ct)
    {
        try
        {
            return (await issuer.Keys.GetConfigurationAsync(ct)).SigningKeys;
        }
        catch (Exception away) when (away is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new Problem(503, Code.Unavailable, "The issuer of the token cannot be asked for its keys just now.") { RetryAfter = TimeSpan.FromSeconds(5) };
        }
    }

    private static TokenValidationParameters Parameters(TrustedIssuer issuer, IEnumerable<SecurityKey> keys) => new()
    {
        ValidIssuer = issuer.Name,
        ValidAudience = issuer.Audience,
        ValidAlgorithms = Algorithms,
        ValidTypes = AccessTypes,
        IssuerSigningKeys = keys,
        TryAllIssuerSigningKeys = false,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ClockSkew = TimeSpan.FromSeconds(30),
        LifetimeValidator = (from, until, _, _) => Lives(from, until)
    };

    private static bool Lives(DateTime? from, DateTime? until)
    {
        var (now, skew) = (TimeProvider.System.GetUtcNow().UtcDateTime, TimeSpan.FromSeconds(30));
        return until is { } end && end > now - skew && end < now + MostLife && !(from > now + skew);
    }

    private static string Why(Exception? error) => error switch
    {
        SecurityTokenExpiredException or SecurityTokenInvalidLifetimeException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException =>
            "It has expired, is not valid yet, or is valid for longer than a day.",
        SecurityTokenInvalidAudienceException => "It is meant for another audience.",
        _ => "Its signature or its kind does not do."
    };
}
