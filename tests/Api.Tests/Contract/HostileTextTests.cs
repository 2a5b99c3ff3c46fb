using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Contract;

/// <summary>Text that databases, parsers and patterns stumble over, in every place that takes text: refused by name or taken, and never an error of ours.</summary>
public sealed class HostileTextTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    // As they stand in an address, escaped byte by byte.
    private static readonly string[] InAddress =
    [
        "%00", "a%00b", "%ED%A0%80", "%FF", "%C0%80", "%25", "_", "%25_%5C", "%5C", "'", "';--", "%22", "1e400", "-1e400", "NaN", "1e-400", "%EF%BF%BF", "%F0%9F%98%80", "%0D%0A"
    ];

    private static readonly string[] InJson =
    [
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "1e400", "-1e400", "1e-400", "\"1e400\"", "\"%\"", "\"_\"", "\"%_\\\\\"", "\"\\\\\"", "\"'\"", "\"\\uffff\"", "\"\\u202e\""
    ];

    private static readonly string[] Short = ["name={0}", "name~{0}", "name^{0}", "name in ({0},x)", "{0}=1", "name{0}x", "{0}", "amount>={0}", "tags has {0}", "openedAt<{0}", "id={0}"];

    [Fact]
    public async Task No_parameter_of_any_question_gives_a_server_error()
    {
        var statuses = new Dictionary<int, int>();
        var lead = (await crm.Http.Write("leads", new { source = "web" })).Ok().Id.ToString();
        foreach (var (_, template, operation) in (await Document()).Operations.Where(o => o.Method == "get" && o.Template.StartsWith("/api/", StringComparison.Ordinal)))
        {
            var path = template.Replace("{id}", lead).Replace("{system}", "x").Replace("{externalId}", "x");
            var parameters = operation.GetProperty("parameters").EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!);
            foreach (var question in parameters.SelectMany(name => InAddress.Select(text => $"{path}?{name}={text}")))
            {
                await Count(statuses, () => crm.Http.Read(question), question);
            }
        }

        output.WriteLine(string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}")));

        // 1e-400 has the form of a token: of another life of the store.
        statuses.Keys.ShouldBe([200, 400, 404, 410], ignoreOrder: true);
    }

    [Fact]
    public async Task No_filter_gives_a_server_error()
    {
        var statuses = new Dictionary<int, int>();
        foreach (var (form, text) in Short.SelectMany(form => InAddress.Select(text => (form, text))))
        {
            var question = $"opportunities?filter={form.Replace(" ", "%20").Replace(">", "%3E").Replace("<", "%3C").Replace("{0}", text)}";
            await Count(statuses, () => crm.Http.Read(question), question);
        }

        foreach (var (field, json) in ((string[])["name", "amount", "openedAt", "id", "tags", "expectedClose", "touches"]).SelectMany(field => InJson.Select(json => (field, json))))
        {
            foreach (var comparison in (string[])["eq", "ne", "gt", "contains", "startsWith", "has", "isNull"])
            {
                var condition = $$"""{"field":"{{field}}","operator":"{{comparison}}","value":{{json}}}""";
                await Count(statuses, () => crm.Http.Write("opportunities/search", $$"""{"filter":{{condition}}}"""), condition);
            }
        }

        output.WriteLine(string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}")));
        statuses.Keys.ShouldBe([200, 400], ignoreOrder: true);
    }

    [Fact]
    public async Task No_member_of_any_body_gives_a_server_error()
    {
        var statuses = new Dictionary<int, int>();
        var records = new Dictionary<string, Guid>
        {
            ["leads"] = (await crm.Http.Write("leads", new { source = "web" })).Ok().Id,
            ["customers"] = (await crm.Http.Write("customers", new { name = "Hostile" })).Ok().Id,
            ["opportunities"] = (await crm.Http.Open()).Id
        };
        var form = (await crm.Http.Write("forms", new { name = "Hostile", source = "web", perMinute = 6000 })).Ok()["key"]!;
        foreach (var (method, template, operation) in (await Document()).Operations.Where(o => o.Operation.TryGetProperty("requestBody", out _)))
        {
            var path = template.Replace("{id}", records.GetValueOrDefault(template.Split('/').ElementAtOrDefault(3) ?? "").ToString())
                .Replace("{system}", "x").Replace("{externalId}", "x").Replace("{key}", form);
            if (!operation.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out var content) || !content.TryGetProperty("example", out var example))
            {
                continue;
            }

            var members = example.EnumerateObject().ToList();
            foreach (var (member, json) in members.SelectMany(member => InJson.Select(json => (member, json))))
            {
                var body = $"{{{string.Join(',', members.Select(m => $"\"{m.Name}\":{(m.Name == member.Name ? json : m.Value.GetRawText())}"))}}}";
                await Count(statuses, () => Send(method, path, body), $"{method} {path} {body}");
            }
        }

        output.WriteLine(string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}")));
        ((int[])[200, 201, 400, 404, 422]).Except(statuses.Keys).ShouldBeEmpty();
    }

    [Fact]
    public async Task Wildcards_of_the_database_are_plain_characters()
    {
        foreach (var name in (string[])["100% sure", "100 percent", "a_b", "acb", "back\\slash"])
        {
            await crm.Http.Open(new { name });
        }

        var position = (await crm.Http.Open()).Position;
        (await Names("name~%25")).ShouldBe(["100% sure"]);
        (await Names("name^100%25")).ShouldBe(["100% sure"]);
        (await Names("name~a_b")).ShouldBe(["a_b"]);
        (await Names("name~%22%5C%5C%22")).ShouldBe(["back\\slash"]);

        async Task<IEnumerable<string?>> Names(string filter) => (await crm.Http.Read($"opportunities?filter={filter}", ("Crm-Min-Position", position))).Ok()
            .Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString());
    }

    private async Task<Reply> Send(string method, string path, string body)
    {
        using var message = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (path.EndsWith("/corrections", StringComparison.Ordinal))
        {
            message.Headers.Add("If-Match", "*");
        }

        var answer = await crm.Http.SendAsync(message);
        return new Reply(answer, await answer.Content.ReadAsStringAsync());
    }

    private static async Task Count(Dictionary<int, int> statuses, Func<Task<Reply>> ask, string what)
    {
        var reply = await ask();
        reply.Status.ShouldBeLessThan(500, $"{what}: {reply.Text}");
        statuses[reply.Status] = statuses.GetValueOrDefault(reply.Status) + 1;
    }

    private async Task<ApiDocument> Document() => new((await crm.Http.Read("/openapi/v1.json")).Ok().Body);
}
