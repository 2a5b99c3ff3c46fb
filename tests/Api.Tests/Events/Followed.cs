using System.Net;
using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Events;

/// <summary>A block of a stream of server-sent events, as its reader takes it in.</summary>
/// <param name="Id">The token to go on with; null where the block has none.</param>
/// <param name="Event">Null where the block has no data.</param>
public sealed record Block(string? Id, string? Event, JsonElement? Data);

/// <summary>Words for following what happens.</summary>
public static class Followed
{
    /// <summary>A page of the feed.</summary>
    public static async Task<JsonElement> Feed(this HttpClient http, string question = "") => (await http.Read($"events?{question}".TrimEnd('?'))).Ok().Body;

    public static IReadOnlyList<JsonElement> Items(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    public static string Text(this JsonElement json, string member) => json.GetProperty(member).ToString();

    public static IReadOnlyList<string> Types(this JsonElement page) => [.. page.Items().Select(e => e.Text("type"))];

    /// <summary>All there is from a token on, page by page.</summary>
    public static async Task<(IReadOnlyList<JsonElement> Events, string Next)> All(this HttpClient http, string question = "", string? after = null)
    {
        var events = new List<JsonElement>();
        for (var next = after; ;)
        {
            var page = await http.Feed(string.Join('&', ((string?[])[question, next is null ? null : $"after={next}"]).Where(part => !string.IsNullOrEmpty(part))));
            events.AddRange(page.Items());
            next = page.Text("next");
            if (page.GetProperty("caughtUp").GetBoolean())
            {
                return (events, next);
            }
        }
    }

    /// <summary>Opens a stream; its blocks come as they are asked for.</summary>
    public static async Task<HttpResponseMessage> Stream(this HttpClient http, string question = "", string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"events/stream?{question}".TrimEnd('?'));
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync());
        return answer;
    }

    public static async IAsyncEnumerable<Block> Blocks(this HttpResponseMessage answer)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(), Encoding.UTF8);
        var (id, name, data) = ((string?)null, (string?)null, (string?)null);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line is "")
            {
                yield return new Block(id, name, data is null ? null : JsonDocument.Parse(data).RootElement);
                (id, name, data) = (null, null, null);
                continue;
            }

            var (field, value) = line.Split(": ", 2) is [var first, var rest] ? (first, rest) : (line, "");
            (id, name, data) = field switch
            {
                "id" => (value, name, data),
                "event" => (id, value, data),
                "data" => (id, name, value),
                _ => (id, name, data)
            };
        }
    }

    /// <summary>The next block that holds an event.</summary>
    public static async Task<Block> Event(this IAsyncEnumerator<Block> blocks)
    {
        do
        {
            (await blocks.MoveNextAsync()).ShouldBeTrue("the stream has ended");
        }
        while (blocks.Current.Data is null);
        return blocks.Current;
    }
}
