using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Crm.Api.Tests.Access;

/// <summary>An issuer of access tokens on a socket of its own, which publishes its keys, changes them, and forges whatever it is told to.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private WebApplication app = null!;
    private RSA key = RSA.Create(2048);
    private int number = 1;

    public string Name => app.Urls.Single();

    public static async Task<TestIssuer> Start()
    {
        var issuer = new TestIssuer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        issuer.app = builder.Build();
        issuer.app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = issuer.Name, jwks_uri = issuer.Name + "/keys" }));
        issuer.app.MapGet("/keys", () => Results.Json(new { keys = new[] { issuer.PublicKey() } }));
        await issuer.app.StartAsync();
        return issuer;
    }

    /// <summary>From now on it signs with another key, and publishes only that.</summary>
    public void ChangeKeys() => (key, number) = (RSA.Create(2048), number + 1);

    /// <summary>A good token, with members of its claims and header said otherwise; null takes one away.</summary>
    public string Token(string subject, object? claims = null, object? header = null, Func<string, byte[]>? sign = null, string? rawClaims = null)
    {
        var now = DateTimeOffset.UtcNow;
        var head = Over(new { alg = "RS256", typ = "at+jwt", kid = Kid }, header).ToJsonString();
        var body = rawClaims ?? Over(new
        {
            iss = Name,
            aud = "crm",
            sub = subject,
            iat = now.ToUnixTimeSeconds(),
            exp = now.AddMinutes(5).ToUnixTimeSeconds()
        }, claims).ToJsonString();
        var signed = $"{Base64UrlEncoder.Encode(head)}.{Base64UrlEncoder.Encode(body)}";
        return $"{signed}.{Base64UrlEncoder.Encode((sign ?? Sign)(signed))}";
    }

    /// <summary>The trick of signing symmetrically with what everybody can read.</summary>
    public byte[] SignWithPublicKey(string text) => HMACSHA256.HashData(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(text));

    public object PublicKey()
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = Kid, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) };
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private string Kid => $"key-{number}";

    private byte[] Sign(string text) => key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static JsonObject Over(object members, object? said)
    {
        var all = JsonSerializer.SerializeToNode(members)!.AsObject();
        foreach (var (name, value) in said is null ? [] : JsonSerializer.SerializeToNode(said)!.AsObject())
        {
            all.Remove(name);
            if (value is not null)
            {
                all[name] = value.DeepClone();
            }
        }

        return all;
    }
}
