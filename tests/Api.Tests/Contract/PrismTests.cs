using System.Text.Json.Nodes;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Contract;

/// <summary>That nothing is heard of Prism in the journeys means something: it does speak where there is something to say.</summary>
public sealed class PrismTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [FactWith("node", "npm")]
    public async Task A_judge_whose_document_promises_too_much_finds_it_in_every_answer()
    {
        var program = new Uri(crm.App.Urls.Single());
        await using var prism = await Prism.Before(program, PromisingTooMuch);
        using var http = new HttpClient(prism.Way()) { BaseAddress = new Uri(program, "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = crm.Http.DefaultRequestHeaders.Authorization;
        var document = new ApiDocument((await crm.Http.Read("/openapi/v1.json")).Ok().Body);
        var lists = document.Operations.Where(o => o.Method == "get" && !o.Template.Contains('{') && o.Template is not "/api/v1/events/stream" && !o.Template.EndsWith("/export") && !o.Template.EndsWith("/schema"))
            .Select(o => o.Template).ToList();

        lists.Count.ShouldBeGreaterThan(10);
        foreach (var path in lists.Append("leads/nobody").Append("leads?limit=none"))
        {
            await IsFound(path, () => http.Read(path));
        }

        await IsFound("a write", () => http.Write("leads", new { source = "web" }));
    }

    [Theory]
    [InlineData("""[{"location":["request","body"],"message":"x"}]""", 0)]
    [InlineData("""[{"location":["request"],"message":"x"},{"location":["response","body"],"message":"x"},{"location":["response"],"message":"x"}]""", 2)]
    [InlineData("""Too many violations! [{"location":["request","body"],"mess""", 1)]
    public void What_is_said_of_the_request_is_told_apart(string said, int ofAnswer) => ThroughPrism.OfAnswer(said).Count.ShouldBe(ofAnswer);

    [Theory]
    [InlineData("""{"amount":"1.00","n":12,"list":[0.5,null,true]}""", true)]
    [InlineData("""{"n":1.0}""", false)]
    [InlineData("""{"n":12345678901234567890}""", false)]
    [InlineData("""{"n":1e400}""", false)]
    [InlineData("""{"a":1,"a":2}""", false)]
    [InlineData("""{"a":"\ud800"}""", false)]
    [InlineData("""{"a":1""", false)]
    [InlineData("null", false)]
    public void A_body_that_would_be_changed_on_the_way_is_known(string json, bool arrives) =>
        ThroughPrism.IsPlain(System.Text.Encoding.UTF8.GetBytes(json)).ShouldBe(arrives);

    private static async Task IsFound(string what, Func<Task> request) =>
        (await Record.ExceptionAsync(request)).ShouldBeOfType<ShouldAssertException>(what).Message.ShouldContain("notThere", customMessage: what);

    // Each answer that is a record has a member more than the program gives it.
    private static string PromisingTooMuch(string document)
    {
        var root = JsonNode.Parse(document)!;
        foreach (var (name, schema) in root["components"]!["schemas"]!.AsObject())
        {
            if (!name.EndsWith("Request", StringComparison.Ordinal) && schema!["properties"] is not null)
            {
                var required = schema["required"]?.AsArray() ?? [];
                required.Add("notThere");
                schema["required"] = required.DeepClone();
            }
        }

        return root.ToJsonString();
    }
}
