using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Crm.Api.Http;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Contract;

/// <summary>The headers of every address that there is, whatever it answers.</summary>
public sealed class EtiquetteTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    [Fact]
    public async Task Every_address_keeps_browsers_and_caches_from_guessing_whatever_it_answers()
    {
        using var nobody = crm.With(null);
        var statuses = new HashSet<int>();
        foreach (var (method, path) in Addresses())
        {
            foreach (var http in new[] { crm.Http, nobody })
            {
                using var response = await http.SendAsync(new HttpRequestMessage(method, path), HttpCompletionOption.ResponseHeadersRead);
                statuses.Add((int)response.StatusCode);
                MustKeepFromGuessing(response, $"{method} {path} {(int)response.StatusCode}");
            }
        }

        statuses.ShouldBe([200, 400, 401, 404, 405], ignoreOrder: true);
    }

    [Theory]
    [InlineData(400, "leads", """{"tenantId":"other"}""")]
    [InlineData(403, "members", """{"id":"m-2","role":"rep"}""")]
    [InlineData(404, "leads/0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52/notes", """{"text":"x"}""")]
    [InlineData(409, "leads/{lead}/revival", "{}")]
    [InlineData(412, "leads/{lead}/notes", """{"text":"x"}""", "If-Match", "\"77\"")]
    [InlineData(413, "leads", "large")]
    [InlineData(415, "leads", "plain")]
    [InlineData(422, "opportunities", """{"name":"x","amount":{"amount":"1.00","currency":"USD"},"pipeline":"none"}""")]
    [InlineData(428, "opportunities/{deal}/corrections", """{"eventId":"0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52","reason":"x"}""")]
    public async Task A_refusal_of_any_kind_keeps_them_from_guessing_too(int status, string path, string body, string? header = null, string? value = null)
    {
        var lead = (await crm.Http.Write("leads", new { source = "web" })).Ok().Id;
        (await crm.Http.Write($"leads/{lead}/qualification", new { opportunityName = "x", amount = Talk.Money(1m), customerName = "x" })).Ok();
        using var admin = await crm.Tenant($"etiquette-{Guid.NewGuid():N}"[..30]);
        (await admin.Write("members", new { id = "m-1", role = "rep" })).Ok();
        using var rep = crm.With((await admin.Write("api-keys", new { name = "x", member = "m-1" })).Ok()["key"]);
        path = path.Replace("{lead}", lead.ToString()).Replace("{deal}", (await crm.Http.Open()).Id.ToString());
        using var message = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body is "large" ? new string(' ', 2 << 20) : body, System.Text.Encoding.UTF8, body is "plain" ? "text/plain" : "application/json")
        };
        if (header is not null)
        {
            message.Headers.Add(header, value);
        }

        using var response = await (status == 403 ? rep : crm.Http).SendAsync(message);

        ((int)response.StatusCode).ShouldBe(status, await response.Content.ReadAsStringAsync());
        MustKeepFromGuessing(response, $"{status} {path}");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task No_page_of_another_origin_is_let_in(string origin)
    {
        foreach (var path in new[] { "leads", "/health/live", "/openapi/v1.json", "/docs/index.html", "/nowhere" })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Options })
            {
                var request = new HttpRequestMessage(method, path);
                request.Headers.Add("Origin", origin);
                request.Headers.Add("Access-Control-Request-Method", "POST");
                using var response = await crm.Http.SendAsync(request);

                response.Headers.Where(header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase))
                    .ShouldBeEmpty($"{method} {path}");
            }
        }
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("TRACK")]
    public async Task Nothing_is_told_back_to_its_sender(string method)
    {
        foreach (var path in new[] { "leads", "/health/live", "/openapi/v1.json", "/nowhere" })
        {
            var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Add("X-Secret", "told-back");
            using var response = await crm.Http.SendAsync(request);

            ((int)response.StatusCode).ShouldBeOneOf(400, 404, 405);
            (await response.Content.ReadAsStringAsync()).ShouldNotContain("told-back");
        }
    }

    [Fact]
    public async Task Over_https_browsers_are_told_to_stay_there()
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        builder.AddHttpManners();
        await using var app = builder.Build();
        app.UseHttpManners();
        await app.StartAsync();

        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true }
        });
        foreach (var path in new[] { "/openapi/v1.json", "/nowhere", "/problems/invalid" })
        {
            One(await http.GetAsync(app.Urls.Single() + path), "Strict-Transport-Security").ShouldBe("max-age=63072000; includeSubDomains");
        }
    }

    private static void MustKeepFromGuessing(HttpResponseMessage response, string what)
    {
        One(response, "X-Content-Type-Options").ShouldBe("nosniff", what);
        One(response, "Referrer-Policy").ShouldBe("no-referrer", what);
        One(response, "Content-Security-Policy").ShouldBe(Policy, what);
        One(response, "Cross-Origin-Resource-Policy").ShouldBe("same-origin", what);
        One(response, "Cache-Control").ShouldBe("no-store", what);
        One(response, "Request-Id").ShouldNotBeNullOrEmpty(what);
        foreach (var none in new[] { "Server", "X-Powered-By", "Strict-Transport-Security", "Set-Cookie" })
        {
            One(response, none).ShouldBeNull($"{what} {none}");
        }
    }

    // Each address with each of its methods and one that it does not take, with an id that nobody has; and what is nowhere.
    private IEnumerable<(HttpMethod Method, string Path)> Addresses() =>
        crm.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Append("DELETE")
                .Select(method => (new HttpMethod(method), "/" + Filled(endpoint.RoutePattern.RawText!).Trim('/'))))
            .Append((HttpMethod.Get, "/nowhere")).Append((HttpMethod.Get, "/api/v1/leads?nonsense=1")).Distinct();

    private static string Filled(string template) => Regex.Replace(template, "{[^}]+}", "0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52");

    private static string? One(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? values.Single() : null;
}
