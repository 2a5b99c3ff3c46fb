using System.Text.Json;
using Crm.Api.Http;

namespace Crm.Api.Tests.Http;

public sealed class HeaderTests(Toy toy) : IClassFixture<Toy>
{
    [Theory]
    [InlineData("Idempotency-Key", "", "bad-key")]
    [InlineData("Idempotency-Key", "\"\"", "bad-key")]
    [InlineData("Idempotency-Key", "a b", "bad-key")]
    [InlineData("Idempotency-Key", "\"a b\"", "bad-key")]
    [InlineData("Idempotency-Key", "\"a", "bad-key")]
    [InlineData("Idempotency-Key", "a\"b", "bad-key")]
    [InlineData("Idempotency-Key", "\"a\"b\"", "bad-key")]
    [InlineData("Idempotency-Key", "\"a\\b\"", "bad-key")]
    [InlineData("Idempotency-Key", "\"a\";x=1", "bad-key")]
    [InlineData("If-Match", "7", "bad-entity-tag")]
    [InlineData("If-Match", "W/\"7\"", "bad-entity-tag")]
    [InlineData("If-Match", "\"7\", W/\"8\"", "bad-entity-tag")]
    [InlineData("If-Match", "\"7", "bad-entity-tag")]
    [InlineData("If-Match", "", "bad-entity-tag")]
    [InlineData("Crm-Min-Position", "42", "bad-position")]
    [InlineData("Crm-Min-Position", "1A-42", "bad-position")]
    [InlineData("Crm-Min-Position", "1a--42", "bad-position")]
    [InlineData("Crm-Min-Position", "1a-042", "bad-position")]
    [InlineData("Crm-Min-Position", "1a-9223372036854775808", "bad-position")]
    [InlineData("Crm-Min-Position", "12345678901234567-1", "bad-position")]
    public async Task A_malformed_header_is_named_with_its_code(string header, string value, string code)
    {
        var refusal = await Refusal.Of(await Send((header, value)));

        (refusal.Status, refusal.Code).ShouldBe((400, "invalid"));
        var error = refusal.Errors.ShouldHaveSingleItem();
        (error.Where, error.Code).ShouldBe((header, code));
    }

    [Fact]
    public async Task A_key_of_256_characters_is_too_long_and_one_of_255_is_not()
    {
        (await Refusal.Of(await Send(("Idempotency-Key", new string('k', 256))))).Errors.Single().Code.ShouldBe("bad-key");
        (await Send(("Idempotency-Key", new string('k', 255)))).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Three_malformed_headers_are_three_errors() =>
        (await Refusal.Of(await Send(("Idempotency-Key", "a b"), ("If-Match", "7"), ("Crm-Min-Position", "x")))).Errors.Count.ShouldBe(3);

    [Theory]
    [InlineData("a-1/+=", "a-1/+=")]
    [InlineData("\"a-1\"", "a-1")]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    public async Task A_key_may_be_bare_or_quoted(string sent, string key) =>
        (await Taken(("Idempotency-Key", sent))).GetProperty("idempotencyKey").GetString().ShouldBe(key);

    [Fact]
    public async Task Versions_are_strong_entity_tags()
    {
        var taken = await Taken(("If-Match", "\"7\", \"8\""));

        taken.GetProperty("versions").EnumerateArray().Select(v => v.GetInt64()).ShouldBe([7, 8]);
        taken.GetProperty("any").GetBoolean().ShouldBeFalse();
        (await Taken(("If-Match", "*"))).GetProperty("any").GetBoolean().ShouldBeTrue();
        ETag.Of(7).ShouldBe("\"7\"");
    }

    [Fact]
    public void A_tag_that_was_never_a_version_allows_none() => IfMatch.Parse("\"abc\"")!.Allows(7).ShouldBeFalse();

    [Fact]
    public async Task A_position_comes_back_as_it_went_out() =>
        (await Taken(("Crm-Min-Position", new PositionToken("1a2b", 42).ToString()))).GetProperty("position").GetString()
            .ShouldBe("1a2b-42");

    [Theory]
    [InlineData("Request-Id", "order-7.a_B")]
    [InlineData("X-Request-Id", "order-8")]
    public async Task A_request_keeps_the_id_that_its_client_gave_it(string header, string id) =>
        (await Get("/answer", (header, id))).Headers.GetValues("Request-Id").ShouldBe([id]);

    [Theory]
    [InlineData("a b")]
    [InlineData("<script>")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task An_id_that_would_not_do_in_a_log_is_replaced(string id) =>
        (await Get("/answer", ("Request-Id", id))).Headers.GetValues("Request-Id").Single().ShouldMatch("^[0-9a-f]{32}$");

    [Theory]
    [InlineData("/answer")]
    [InlineData("/nowhere")]
    [InlineData("/fails/otherwise")]
    [InlineData("/openapi/v1.json")]
    public async Task Every_answer_forbids_guessing_framing_and_caching(string path)
    {
        var response = await Get(path);

        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"]);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Headers.Contains("Request-Id").ShouldBeTrue();
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    private async Task<JsonElement> Taken(params (string Name, string Value)[] headers) =>
        JsonDocument.Parse(await (await Send(headers)).EnsureSuccessStatusCode().Content.ReadAsStringAsync()).RootElement;

    private Task<HttpResponseMessage> Send(params (string Name, string Value)[] headers) => Send(HttpMethod.Put, "/headers", headers);

    private Task<HttpResponseMessage> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, headers);

    private Task<HttpResponseMessage> Send(HttpMethod method, string path, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return toy.Http.SendAsync(request);
    }
}
