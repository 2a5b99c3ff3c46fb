using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Outside;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications.Sending.Ports;

/// <summary>A robot that writes into one group of a messenger: JSON over https, an answer with a number of which 0 means that it was taken.</summary>
internal abstract class RobotPort(Courier courier, TimeProvider clock) : IPort
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Robots may write so often in a minute; whoever writes more is left alone for the rest of it.
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public abstract ChannelKind Kind { get; }

    /// <summary>The most bytes of UTF-8 that a text may have.</summary>
    protected abstract int MostBytes { get; }

    /// <summary>The numbers by which it says that it was written to too often.</summary>
    protected abstract IReadOnlyList<int> TooOften { get; }

    public async Task<Posted> Send(Letter letter, ChannelCredentials by, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(by, now))
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Body(letter with { Text = Cut(letter.Text) }, by, now), Json))
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        var (reply, said) = await courier.Send(request, ct);
        return !reply.IsTaken ? new Posted(IsTaken: false, reply.Status?.ToString() ?? reply.Error, RetryAfter: reply.RetryAfter)
            : Number(said) is not { } number ? new Posted(IsTaken: false, "unreadable")
            : new Posted(number == 0, $"{number}", RetryAfter: TooOften.Contains(number) ? Minute : null);
    }

    protected virtual Uri Address(ChannelCredentials by, DateTimeOffset now) => new(by.Url!);

    protected abstract JsonObject Body(Letter letter, ChannelCredentials by, DateTimeOffset now);

    protected static string Sign(string key, string signed) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed)));

    private static int? Number(ReadOnlyMemory<byte> said)
    {
        try
        {
            var answer = JsonNode.Parse(said.Span) as JsonObject;
            return (answer?["errcode"] ?? answer?["code"] ?? answer?["StatusCode"])?.GetValue<int>();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MostBytes)
        {
            return text;
        }

        var (kept, left) = (new StringBuilder(), MostBytes - 3);
        foreach (var rune in text.EnumerateRunes().TakeWhile(rune => (left -= rune.Utf8SequenceLength) >= 0))
        {
            kept.Append(rune);
        }

        return kept.Append('…').ToString();
    }
}

/// <summary>企业微信. Whoever knows the address of the robot may write; nothing is signed.</summary>
internal sealed class WecomPort(Courier courier, TimeProvider clock) : RobotPort(courier, clock)
{
    public override ChannelKind Kind => ChannelKind.Wecom;

    protected override int MostBytes => 2048;

    protected override IReadOnlyList<int> TooOften => [45009];

    protected override JsonObject Body(Letter letter, ChannelCredentials by, DateTimeOffset now) => new()
    {
        ["msgtype"] = "text",
        ["text"] = new JsonObject { ["content"] = letter.Text, ["mentioned_list"] = letter.Mention is null ? [] : new JsonArray(letter.Mention) }
    };
}

/// <summary>钉钉. The address is signed: HMAC-SHA256 by the secret over milliseconds and secret, as its document of custom robots says.</summary>
internal sealed class DingtalkPort(Courier courier, TimeProvider clock) : RobotPort(courier, clock)
{
    public override ChannelKind Kind => ChannelKind.Dingtalk;

    protected override int MostBytes => 6000;

    protected override IReadOnlyList<int> TooOften => [130101, 660026];

    protected override Uri Address(ChannelCredentials by, DateTimeOffset now)
    {
        if (by.Secret is not { } secret)
        {
            return new Uri(by.Url!);
        }

        var at = now.ToUnixTimeMilliseconds();
        return new Uri($"{by.Url}{(by.Url!.Contains('?') ? '&' : '?')}timestamp={at}&sign={Uri.EscapeDataString(Sign(secret, $"{at}\n{secret}"))}");
    }

    protected override JsonObject Body(Letter letter, ChannelCredentials by, DateTimeOffset now) => new()
    {
        ["msgtype"] = "text",
        ["text"] = new JsonObject { ["content"] = letter.Mention is null ? letter.Text : $"{letter.Text} @{letter.Mention}" },
        ["at"] = new JsonObject { ["atUserIds"] = letter.Mention is null ? [] : new JsonArray(letter.Mention), ["isAtAll"] = false }
    };
}

/// <summary>飞书. The body is signed: HMAC-SHA256 of nothing, by seconds and secret, as its document of custom robots says.</summary>
internal sealed class FeishuPort(Courier courier, TimeProvider clock) : RobotPort(courier, clock)
{
    public override ChannelKind Kind => ChannelKind.Feishu;

    protected override int MostBytes => 15_000;

    protected override IReadOnlyList<int> TooOften => [9499, 11232];

    protected override JsonObject Body(Letter letter, ChannelCredentials by, DateTimeOffset now)
    {
        // Parts, not one text: what stands in a text calls nobody by name.
        var parts = new JsonArray(new JsonObject { ["tag"] = "text", ["text"] = letter.Text });
        if (letter.Mention is { } mention)
        {
            parts.Add(new JsonObject { ["tag"] = "at", ["user_id"] = mention });
        }

        var body = new JsonObject
        {
            ["msg_type"] = "post",
            ["content"] = new JsonObject { ["post"] = new JsonObject { ["zh_cn"] = new JsonObject { ["content"] = new JsonArray(parts) } } }
        };
        if (by.Secret is { } secret)
        {
            var at = Signature.Seconds(now);
            body["timestamp"] = at;
            body["sign"] = Sign($"{at}\n{secret}", "");
        }

        return body;
    }
}
