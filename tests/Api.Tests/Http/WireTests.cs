using System.Net.Sockets;
using System.Text;

namespace Crm.Api.Tests.Http;

/// <summary>Requests that two servers in a row might read differently are refused, and the line is closed, so that nothing is smuggled behind them.</summary>
public sealed class WireTests(Toy toy) : IClassFixture<Toy>
{
    private const string Post = "POST /enquiries HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private const string Smuggled = "GET /answer HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [InlineData("both lengths", Post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("both lengths, the other way round", Post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")]
    [InlineData("two different lengths", Post + "Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}")]
    [InlineData("the same length twice", Post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("a list of lengths", Post + "Content-Length: 2, 2\r\n\r\n{}")]
    [InlineData("a negative length", Post + "Content-Length: -1\r\n\r\n")]
    [InlineData("an unknown coding", Post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("a coding after chunked", Post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("two codings", Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n")]
    [InlineData("a chunk extension that ends in a lone line feed", Post + "Transfer-Encoding: chunked\r\n\r\n2;\n{}\r\n0\r\n\r\n")]
    [InlineData("a chunk length that is no number", Post + "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("a chunk longer than it says", Post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n")]
    [InlineData("a folded header", Post + "X-A: 1\r\n folded\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("white space before the colon", Post + "Content-Length : 2\r\n\r\n{}")]
    [InlineData("a header without a name", Post + ": 2\r\n\r\n{}")]
    [InlineData("a header with a null", Post + "X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("no host", "GET /answer HTTP/1.1\r\n\r\n")]
    [InlineData("two hosts", "GET /answer HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")]
    [InlineData("a host that is none", "GET /answer HTTP/1.1\r\nHost: x/y\r\n\r\n")]
    [InlineData("two spaces in the first line", "GET  /answer HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("a null in the address", "GET /answer%00 HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task An_ambiguous_request_is_refused_and_the_line_is_closed(string what, string request)
    {
        var answer = await Whole(request + Smuggled);

        answer.ShouldStartWith("HTTP/1.1 400 ", customMessage: what);
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2, $"{what}: {answer}");
    }

    [Theory]
    [InlineData(414, "GET /answer?x=@ HTTP/1.1\r\nHost: x\r\n\r\n", 10_000)]
    [InlineData(431, "GET /answer HTTP/1.1\r\nHost: x\r\nX-A: @\r\n\r\n", 40_000)]
    public async Task What_is_too_long_is_refused_with_its_own_status_and_the_line_is_closed(int status, string request, int length) =>
        (await Whole(request.Replace("@", new string('x', length)) + Smuggled)).ShouldSatisfyAllConditions(
            answer => answer.ShouldStartWith($"HTTP/1.1 {status} "), answer => answer.Split("HTTP/1.1 ").Length.ShouldBe(2, answer),
            answer => answer.ShouldContain("\r\nContent-Length: 0\r\n"), answer => answer.ShouldNotContain("Request-Id"));

    [Fact]
    public async Task A_hundred_and_one_headers_are_too_many() =>
        (await Whole("GET /answer HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: 1\r\n")) + "\r\n"))
            .ShouldStartWith("HTTP/1.1 431 ");

    [Fact]
    public async Task Two_plain_requests_on_one_line_are_two_answers() =>
        (await Whole(Smuggled + Smuggled.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))).Split("HTTP/1.1 200").Length.ShouldBe(3);

    // All that comes until the line is closed; a line that stays open is the failure.
    private async Task<string> Whole(string request)
    {
        using var socket = new TcpClient(toy.Address.Host, toy.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, time.Token);
        }
        catch (IOException)
        {
            // Reset rather than closed: what was under way is lost, what came before it is here.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
