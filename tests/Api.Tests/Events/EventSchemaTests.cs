using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.Events;
using Crm.Api.Http;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;
using Crm.EventModel;
using Crm.Projections;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Events;

/// <summary>What is served as the schema of an event is what is sent.</summary>
public sealed class EventSchemaTests(CrmServer crm, ITestOutputHelper output) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task Every_kind_of_event_says_what_it_means_and_where_its_schema_is()
    {
        var kinds = (await crm.Http.Read("event-types")).Ok().Body.Items();

        kinds.Select(kind => kind.Text("type")).ShouldBe(EventCatalog.Types.AliasesOf(typeof(object)));
        foreach (var kind in kinds)
        {
            kind.Text("meaning").ShouldEndWith(".", Case.Sensitive, kind.Text("type"));
            kind.Text("since").ShouldMatch(@"^\d{4}-\d{2}$");
            kind.GetProperty("sentence").Text("zhCn").ShouldNotBeEmpty(kind.Text("type"));
            var schema = (await crm.Http.Read(kind.Text("schemaPath"))).Ok();
            schema.Message.Content.Headers.ContentType!.MediaType.ShouldBe("application/schema+json");
            schema.Body.Text("$id").ShouldEndWith(kind.Text("schemaPath"));
            schema.Body.GetProperty("properties").EnumerateObject()
                .Where(member => !member.Value.TryGetProperty("description", out _) || !member.Value.TryGetProperty("type", out _)).ShouldBeEmpty(kind.Text("type"));
        }
    }

    [Fact]
    public async Task A_schema_says_of_each_member_how_it_is_sent()
    {
        var opened = (await crm.Http.Read("event-types/opportunity_opened")).Ok().Body.GetProperty("schema");
        var captured = (await crm.Http.Read("event-types/lead_captured")).Ok().Body;

        Member("type").ShouldBe("""{"type":"string","x-extensible-enum":["new","renewal","upsell"]}""");
        Member("amount").ShouldBe("""{"type":"object","properties":{"amount":{"type":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$"},"currency":{"type":"string","pattern":"^[A-Z]{3}$"}},"required":["amount","currency"]}""");
        Member("expectedClose").ShouldBe("""{"type":["string","null"],"format":"date"}""");
        Member("customerId").ShouldBe("""{"type":["string","null"],"format":"uuid"}""");
        Member("tags").ShouldBe("""{"type":"array","items":{"type":"string"}}""");
        captured.GetProperty("personal").EnumerateArray().Select(member => member.GetString()).ShouldBe(["contact", "email", "phone", "message"]);
        captured.GetProperty("schema").GetProperty("properties").GetProperty("email").GetRawText().ShouldBe("""{"type":["string","null"],"x-personal":true,"description":"the person's mail address"}""");

        // Whatever can be hidden or forgotten can be missing; what gates found can not.
        Required(opened).ShouldBe(["playbook", "passed"]);
        Required((await crm.Http.Read("event-types/lead_touched")).Ok().Body.GetProperty("schema"))
            .ShouldBe(["touchId", "kind", "direction", "channel", "outcome", "durationSeconds", "via", "visit"]);

        string Member(string name)
        {
            var member = JsonNode.Parse(opened.GetProperty("properties").GetProperty(name).GetRawText())!.AsObject();
            member.Remove("description");
            return member.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        }
    }

    [Fact]
    public async Task There_is_no_schema_of_what_there_is_not()
    {
        (await (await crm.Http.Read("event-types/lead_forgotten_about")).Refused()).Code.ShouldBe("event-type-unknown");
        (await (await crm.Http.Read("event-types/lead_captured/2")).Refused()).Code.ShouldBe("event-type-unknown");
    }

    [FactWith("node", "npm")]
    public async Task Every_stored_sample_and_every_event_of_a_random_history_is_sent_as_its_schema_says()
    {
        var sent = new List<(string Schema, JsonNode Data)>();
        foreach (var sample in Samples())
        {
            sent.Add(await AsSent(sample, Sight.Everything, withPersonal: true));
            sent.Add(await AsSent(sample, new Sight(Owners: null, HideableFields.All.ToHashSet()), withPersonal: false));
        }

        var samples = sent.Count;
        using var admin = await crm.Tenant("schemas");
        await Work(admin);
        foreach (var e in (await admin.All()).Events)
        {
            sent.Add((e.Text("type"), JsonNode.Parse(e.GetProperty("data").GetRawText())!));
        }

        var (exit, said) = await Validated(sent);
        output.WriteLine(said);
        exit.ShouldBe(0, said);
        samples.ShouldBe(2 * EventKinds.All.Count);
        sent.Count.ShouldBeGreaterThan(samples + 100);
    }

    [FactWith("node", "npm")]
    public async Task What_is_not_as_its_schema_says_is_found()
    {
        var (exit, said) = await Validated([("opportunity_opened", JsonNode.Parse("""{"customerId":null,"leadId":"nobody","amount":{"amount":12,"currency":"USD"}}""")!)]);

        exit.ShouldBe(1);
        said.ShouldContain("data/amount/amount must be string");
        said.ShouldContain("data/leadId must match format");
    }

    private static async Task Work(HttpClient admin)
    {
        var history = new RandomHistory(admin, new Random(7));
        await history.Open(20);
        await history.GoOn(150);
        var lead = (await admin.Write("leads", new { source = "web", company = "苏州恒测", contact = "王伟", email = "wang@example.cn", employees = 12 })).Ok().Id;
        (await admin.Patch($"leads/{lead}", new { phone = "+86 512 0000", email = (string?)null })).Ok();
        (await admin.Write($"leads/{lead}/notes", new { text = "Budget" })).Ok();
        (await admin.Write($"leads/{lead}/qualification", new { opportunityName = "Line", amount = Talk.Money(10m) })).Ok();
    }

    private async Task<(string, JsonNode)> AsSent(object data, Sight sight, bool withPersonal)
    {
        var alias = EventCatalog.Types.AliasOf(data);
        var recorded = new Recorded("schemas", Guid.CreateVersion7(), 1, 1, Guid.CreateVersion7(), alias, data, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, new Metadata());
        var envelope = await crm.App.Services.GetRequiredService<EventWriter>().Write(recorded, sight, default, withPersonal);
        return (envelope.Type, JsonNode.Parse(JsonSerializer.Serialize(envelope.Data, AnswerJson.Options))!);
    }

    private async Task<(int Exit, string Said)> Validated(IReadOnlyList<(string Schema, JsonNode Data)> sent)
    {
        var schemas = new JsonObject();
        foreach (var name in sent.Select(s => s.Schema).Distinct())
        {
            schemas[name] = JsonNode.Parse((await crm.Http.Read($"event-types/{name}/1")).Ok().Text);
        }

        var items = new JsonArray([.. sent.Select(s => (JsonNode)new JsonObject { ["schema"] = s.Schema, ["data"] = s.Data.DeepClone() })]);
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(Node.Folder, "bin")).FullName, $"events-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, new JsonObject { ["schemas"] = schemas, ["items"] = items }.ToJsonString());
        var result = await Node.Run("node", ["validate.mjs", file]);
        File.Delete(file);
        return result;
    }

    private static IEnumerable<string?> Required(JsonElement schema) => schema.GetProperty("required").EnumerateArray().Select(name => name.GetString());

    private static IEnumerable<object> Samples() => Directory.GetFiles(Path.Combine(DocsTests.Root(), "tests", "Domain.Tests", "Samples"), "*.json")
        .Select(file => EventCatalog.Types.Read(EventTypes.AliasOf(Path.GetFileNameWithoutExtension(file)), File.ReadAllBytes(file)));
}
