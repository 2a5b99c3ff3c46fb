using System.Globalization;
using System.Text.Json;

namespace Crm.Api.Tests.Contract;

/// <summary>
/// Sends requests through Prism and fails those whose answer is not as the document says. What Prism says of a request is passed over: many are
/// bad on purpose. It reads requests and writes them anew, so those that would not arrive as they were sent go to the program directly.
/// </summary>
public sealed class ThroughPrism(Prism prism, HttpMessageHandler way) : DelegatingHandler(way)
{
    private const string Violations = "sl-violations";
    private const int Most = 8 << 20;                                            // Prism refuses ten megabytes by itself

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (!await ArrivesAsSent(request, ct))
        {
            return await base.SendAsync(request, ct);
        }

        var asked = request.RequestUri!;
        request.RequestUri = new Uri(prism.Address, asked.PathAndQuery);
        // Prism would ask for any coding there is.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        var response = await base.SendAsync(request, ct);
        request.RequestUri = asked;
        if (response.Headers.TryGetValues(Violations, out var said))
        {
            OfAnswer(said.Single()).ShouldBeEmpty($"{request.Method} {asked.PathAndQuery}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(ct)}");
            response.Headers.Remove(Violations);
        }

        return response;
    }

    /// <summary>What Prism holds against the answer, of all that it said.</summary>
    internal static IReadOnlyList<string> OfAnswer(string violations) => violations.StartsWith('[')
        ? [.. JsonDocument.Parse(violations).RootElement.EnumerateArray()
            .Where(violation => violation.GetProperty("location")[0].GetString() == "response").Select(violation => violation.GetRawText())]
        : [violations];                                                          // too many to be told apart

    private static async Task<bool> ArrivesAsSent(HttpRequestMessage request, CancellationToken ct)
    {
        if (request.Headers.AcceptEncoding.Count > 0)
        {
            return false;
        }

        if (request.Content is not { } content)
        {
            return true;
        }

        // A length is known then, and Prism sends one along.
        await content.LoadIntoBufferAsync(ct);
        return request.Method != HttpMethod.Get
            && content.Headers.ContentType is { MediaType: "application/json", CharSet: null or "utf-8" }
            && content.Headers.ContentEncoding.Count == 0
            && content.Headers.ContentLength < Most
            && IsPlain(await content.ReadAsByteArrayAsync(ct));
    }

    /// <summary>Whether JavaScript reads and writes it without changing what it says.</summary>
    internal static bool IsPlain(byte[] json)
    {
        try
        {
            using var read = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return read.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array && IsPlain(read.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsPlain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().All(member => IsPlain(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().All(IsPlain),
        JsonValueKind.Number => json.TryGetDouble(out var number) && number.ToString(CultureInfo.InvariantCulture) == json.GetRawText(),
        JsonValueKind.String => HasText(json),
        _ => true
    };

    // Half of a pair of surrogates is no text.
    private static bool HasText(JsonElement json)
    {
        try
        {
            return json.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
