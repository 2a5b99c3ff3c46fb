using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Crm.Api.Tests.Contract;

/// <summary>The C# snippet of docs/api/quick-start.md, to the letter: what is on the page is what is compiled and run.</summary>
internal static class QuickStart
{
    public static async Task<JsonObject?> Run(string url, string key)
    {
        // The page begins here.
        using var http = new HttpClient { BaseAddress = new Uri($"{url}/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        var lead = await Send("leads", new { source = "web", company = "苏州恒测仪器", contact = "王伟" });
        var sale = await Send($"leads/{lead["id"]}/qualification", new
        {
            opportunityName = "Lathe line",
            amount = new { amount = "1054000.00", currency = "CNY" }                    // money is text, exact everywhere
        });
        await Send($"opportunities/{sale["opportunityId"]}/stage", new { stage = "Engaging" });
        await Send($"opportunities/{sale["opportunityId"]}/win", new { reference = "PO-7" });
        return await http.GetFromJsonAsync<JsonObject>($"opportunities/{sale["opportunityId"]}");

        async Task<JsonObject> Send(string path, object body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());            // keep it for repeating the request
            using var response = await http.SendAsync(request);
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>();
            return response.IsSuccessStatusCode ? answer! : throw new HttpRequestException($"{answer!["code"]}: {answer["detail"]}");
        }
        // The page ends here.
    }
}
