using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Api.Tests.Notifications;

/// <summary>Stands for the servers of messengers: takes what is signed as their documents say, by the secret of these tests, and refuses
/// all else as they do.</summary>
public sealed class Robots : IAsyncDisposable
{
    public const string Secret = "SEC-of-the-tests-0123456789";

    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Robot, string Text, string? Mention)> taken = new();
    private readonly ConcurrentQueue<string> asked = new();

    private Robots(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>How many of the next requests are answered as if there had been too many.</summary>
    public int TooOften { get; set; }

    public IReadOnlyList<(string Robot, string Text, string? Mention)> Taken => [.. taken];

    public int Requests => asked.Count;

    public static async Task<Robots> Open()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var robots = new Robots(builder.Build());
        robots.app.MapPost("/cgi-bin/webhook/send", robots.Wecom);
        robots.app.MapPost("/robot/send", robots.Dingtalk);
        robots.app.MapPost("/open-apis/bot/v2/hook/{token}", robots.Feishu);
        await robots.app.StartAsync();
        return robots;
    }

    public Task Until(int least) => Patience.Until($"{least} messages came", () => taken.Count >= least);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task<object> Wecom(HttpRequest request)
    {
        var body = await Body(request);
        var text = body.GetProperty("text");
        return Answer("wecom", request.Query["key"] == "k1", 93000, 45009, text.GetProperty("content").GetString()!,
            text.GetProperty("mentioned_list").EnumerateArray().FirstOrDefault());
    }

    private async Task<object> Dingtalk(HttpRequest request)
    {
        var body = await Body(request);
        var at = request.Query["timestamp"].ToString();
        var isFresh = long.TryParse(at, out var ms) && Math.Abs(ms - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) < 3_600_000;
        return Answer(
            "dingtalk", request.Query["access_token"] == "t1" && isFresh && request.Query["sign"] == Hmac(Secret, $"{at}\n{Secret}"),
            310000, 130101,
            body.GetProperty("text").GetProperty("content").GetString()!, body.GetProperty("at").GetProperty("atUserIds").EnumerateArray()
                .FirstOrDefault());
    }

    private async Task<object> Feishu(HttpRequest request)
    {
        var body = await Body(request);
        var at = body.TryGetProperty("timestamp", out var said) ? said.GetString() : "";
        var parts = body.GetProperty("content").GetProperty("post").GetProperty("zh_cn").GetProperty("content")[0].EnumerateArray()
            .ToList();
        var mention = parts.FirstOrDefault(part => part.GetProperty("tag").GetString() == "at");
        var answer = (Dictionary<string, object>)Answer(
            "feishu", body.TryGetProperty("sign", out var sign) && sign.GetString() == Hmac($"{at}\n{Secret}", ""), 19021, 11232,
            parts[0].GetProperty("text").GetString()!,
            mention.ValueKind == JsonValueKind.Object ? mention.GetProperty("user_id") : default);
        return new { code = answer["errcode"], msg = answer["errmsg"] };
    }

    private object Answer(string robot, bool isKnown, int unknown, int tooOften, string text, JsonElement mention)
    {
        asked.Enqueue(robot);
        var number = !isKnown ? unknown : TooOften-- > 0 ? tooOften : 0;
        TooOften = Math.Max(0, TooOften);
        if (number == 0)
        {
            taken.Enqueue((robot, text, mention.ValueKind == JsonValueKind.String ? mention.GetString() : null));
        }

        return new Dictionary<string, object> { ["errcode"] = number, ["errmsg"] = number == 0 ? "ok" : "refused" };
    }

    private static async Task<JsonElement> Body(HttpRequest request) => (await JsonDocument.ParseAsync(request.Body)).RootElement;

    private static string Hmac(string key, string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
}
