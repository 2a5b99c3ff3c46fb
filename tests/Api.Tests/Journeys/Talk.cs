using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Http;

namespace Crm.Api.Tests.Journeys;

/// <summary>An answer as a client sees it.</summary>
public sealed record Reply(HttpResponseMessage Message, string Text)
{
    public int Status => (int)Message.StatusCode;

    public JsonElement Body => field.ValueKind == JsonValueKind.Undefined ? field = JsonDocument.Parse(Text).RootElement : field;

    public string? ETag => Message.Headers.ETag?.Tag;

    public string? Location => Message.Headers.Location?.ToString();

    public string? Position => Header("Crm-Position");

    public string? Replayed => Header("Idempotency-Replayed");

    public Guid Id => Body.GetProperty("id").GetGuid();

    public string? this[string member] => Body.GetProperty(member).ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Status, version, position, address and body: what a repeated request has to get again.</summary>
    public (int, string?, string?, string?, string) Whole => (Status, ETag, Position, Location, Text);

    public Reply Ok()
    {
        Status.ShouldBeInRange(200, 299, Text);
        return this;
    }

    public Task<Refusal> Refused() => Refusal.Of(Message);

    private string? Header(string name) => Message.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

/// <summary>Words for talking to the program. A body is raw JSON when it is text.</summary>
public static class Talk
{
    public static Task<Reply> Read(this HttpClient http, string path, params IReadOnlyList<(string Name, string? Value)> headers) =>
        http.Say(new HttpRequestMessage(HttpMethod.Get, path), headers);

    public static Task<Reply> Write(
        this HttpClient http, string path, object body, params IReadOnlyList<(string Name, string? Value)> headers) =>
        http.Say(HttpMethod.Post, path, body, "application/json", headers);

    public static Task<Reply> Put(
        this HttpClient http, string path, object body, params IReadOnlyList<(string Name, string? Value)> headers) =>
        http.Say(HttpMethod.Put, path, body, "application/json", headers);

    public static Task<Reply> Patch(
        this HttpClient http, string path, object body, params IReadOnlyList<(string Name, string? Value)> headers) =>
        http.Say(HttpMethod.Patch, path, body, "application/merge-patch+json", headers);

    /// <summary>A new opportunity of 1000 USD, with some members said otherwise.</summary>
    public static async Task<Reply> Open(this HttpClient http, object? said = null) =>
        (await http.Write("opportunities", JsonSerializer.Serialize(Said(said)))).Ok();

    public static object Money(decimal amount, string currency = "USD") =>
        new { amount = amount.ToString(currency == "JPY" ? "F0" : "F2", CultureInfo.InvariantCulture), currency };

    public static string Text(this DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The events of an opportunity, in the order in which they were recorded.</summary>
    public static async Task<IReadOnlyList<JsonElement>> History(this HttpClient http, string path) =>
        [.. (await http.Read($"{path}/events")).Ok().Body.GetProperty("items").EnumerateArray()];

    private static Task<Reply> Say(
        this HttpClient http, HttpMethod method, string path, object body, string mediaType, IReadOnlyList<(string Name, string? Value)> headers) =>
        http.Say(new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, mediaType)
        }, headers);

    private static async Task<Reply> Say(this HttpClient http, HttpRequestMessage request, IReadOnlyList<(string Name, string? Value)> headers)
    {
        foreach (var (name, value) in headers.Where(h => h.Value is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
        }

        return await http.Ask(request);
    }

    /// <summary>Sends a request and reads its answer; of one that has no end, only the head.</summary>
    public static async Task<Reply> Ask(this HttpClient http, HttpRequestMessage request)
    {
        var message = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (message.Content.Headers.ContentType?.MediaType is Documented.Streamed)
        {
            message.Dispose();
            return new Reply(message, "");
        }

        return new Reply(message, await message.Content.ReadAsStringAsync());
    }

    private static Dictionary<string, object?> Said(object? said)
    {
        var members = new Dictionary<string, object?> { ["name"] = "Deal", ["amount"] = Money(1000m) };
        foreach (var member in said?.GetType().GetProperties() ?? [])
        {
            members[member.Name] = member.GetValue(said);
        }

        return members;
    }
}
