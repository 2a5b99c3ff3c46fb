using System.Net.Sockets;
using System.Text;
using Crm.Api.Http;

namespace Crm.Api.Tests.Http;

public sealed class ProblemTests(Toy toy) : IClassFixture<Toy>
{
    private const string Post = "POST /enquiries HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not-found", false)]
    [InlineData("DELETE", "/enquiries", 405, "method-not-allowed", false)]
    [InlineData("GET", "/ids/seven", 400, "bad-request", false)]
    [InlineData("GET", "/bare/401", 401, "unauthenticated", false)]
    [InlineData("GET", "/bare/403", 403, "forbidden", false)]
    [InlineData("GET", "/bare/408", 408, "request-timeout", true)]
    [InlineData("GET", "/bare/409", 409, "refused", false)]
    [InlineData("GET", "/bare/418", 418, "refused", false)]
    [InlineData("GET", "/bare/429", 429, "too-many-requests", true)]
    [InlineData("GET", "/bare/501", 501, "internal", false)]
    [InlineData("GET", "/bare/503", 503, "unavailable", true)]
    [InlineData("GET", "/fails/unknown", 404, "lead.unknown", false)]
    [InlineData("GET", "/fails/state", 409, "lead.closed", false)]
    [InlineData("GET", "/fails/rule", 422, "money.currency", false)]
    [InlineData("GET", "/fails/conflict", 412, "stale", false)]
    [InlineData("GET", "/fails/away", 503, "unavailable", true)]
    [InlineData("GET", "/fails/otherwise", 500, "internal", false)]
    public async Task Every_failure_is_a_problem(string method, string path, int status, string code, bool retryable)
    {
        var refusal = await Refusal.Of(await toy.Http.SendAsync(new HttpRequestMessage(new(method), path)));

        (refusal.Status, refusal.Code, refusal.Retryable).ShouldBe((status, code, retryable));
    }

    [Fact]
    public async Task A_method_that_is_not_allowed_is_answered_with_those_that_are()
    {
        var response = await toy.Http.DeleteAsync("/enquiries");

        response.Content.Headers.Allow.ShouldBe(["GET", "PATCH", "POST"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("/answer", 200)]
    [InlineData("/nowhere", 404)]
    [InlineData("/fails/state", 409)]
    public async Task Head_is_answered_as_get_would_be_without_a_body(string path, int status)
    {
        var response = await toy.Http.SendAsync(new(HttpMethod.Head, path));

        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        (await toy.Http.GetAsync("/answer")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Options_lists_what_an_address_allows()
    {
        var response = await toy.Http.SendAsync(new(HttpMethod.Options, "/enquiries"));

        ((int)response.StatusCode).ShouldBe(204);
        response.Content.Headers.Allow.ShouldBe(["GET", "PATCH", "POST", "OPTIONS"], ignoreOrder: true);
        (await Refusal.Of(await toy.Http.SendAsync(new(HttpMethod.Options, "/nowhere")))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_broken_rule_points_at_the_member_that_broke_it() =>
        (await Refused("/fails/rule")).Errors.Single().ShouldBe(("/currency", "money.currency", "Not a currency."));

    [Fact]
    public async Task A_conflict_tells_the_current_version()
    {
        var response = await toy.Http.GetAsync("/fails/conflict");

        response.Headers.ETag!.ToString().ShouldBe("\"8\"");
        (await Refusal.Of(response)).Json.GetProperty("currentVersion").GetInt64().ShouldBe(8);
    }

    [Fact]
    public async Task Who_may_come_back_is_told_when() =>
        (await toy.Http.GetAsync("/fails/away")).Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));

    [Fact]
    public async Task An_internal_error_tells_nothing_of_its_cause_and_logs_it_with_the_request_id()
    {
        var response = await toy.Http.GetAsync("/fails/otherwise");
        var text = await response.Content.ReadAsStringAsync();

        text.ShouldNotContain("select");
        text.ShouldNotContain("Crm.");
        text.ShouldNotContain("Exception");
        toy.Log.Lines.ShouldContain(line => line.Contains((response.Headers.GetValues("Request-Id")).Single()) && line.Contains("secrets"));
    }

    [Fact]
    public async Task A_bad_part_of_an_address_is_refused_without_naming_our_types() =>
        (await Refused("/ids/seven")).Json.ToString().ShouldNotContain("Guid");

    [Theory]
    [InlineData("/enquiries", false)]
    [InlineData("/enquiries", true)]
    [InlineData("/nowhere", false)]
    [InlineData("/nowhere", true)]
    public async Task Ten_megabytes_are_answered_in_peace(string path, bool chunked)
    {
        for (var round = 0; round < 5; round++)
        {
            var body = "{\"name\":\"" + new string('x', 10_000_000) + "\"}";
            using var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body)));
            content.Headers.ContentType = new("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            request.Headers.TransferEncodingChunked = chunked;

            var refusal = await Refusal.Of(await toy.Http.SendAsync(request));
            refusal.Status.ShouldBe(path == "/nowhere" ? 404 : 413);
            if (path != "/nowhere") refusal.Code.ShouldBe("body-too-large");
        }
    }

    [Fact]
    public async Task One_mebibyte_still_fits()
    {
        var padding = new string(' ', RequestBytes.Limit - Encoding.UTF8.GetByteCount(Requests.Enquiry()));

        (await toy.Http.Send(padding + Requests.Enquiry())).EnsureSuccessStatusCode();
        (await Refusal.Of(await toy.Http.Send(padding + " " + Requests.Enquiry()))).Status.ShouldBe(413);
    }

    [Fact]
    public async Task Who_asks_before_sending_too_much_is_told_at_once()
    {
        var answer = await Raw(Post + "Content-Length: 10000000\r\nExpect: 100-continue\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 413 ");
    }

    [Fact]
    public async Task A_body_cut_into_broken_chunks_is_a_problem()
    {
        var answer = await Raw(Post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("application/problem+json");
    }

    private async Task<string> Raw(string request)
    {
        using var socket = new TcpClient(toy.Address.Host, toy.Address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        var buffer = new byte[16_384];
        return Encoding.UTF8.GetString(buffer, 0, await socket.GetStream().ReadAsync(buffer, time.Token));
    }

    private async Task<Refusal> Refused(string path) => await Refusal.Of(await toy.Http.GetAsync(path));
}
