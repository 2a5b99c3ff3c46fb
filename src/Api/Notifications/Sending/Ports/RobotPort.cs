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
