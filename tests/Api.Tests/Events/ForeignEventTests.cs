using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Events;

/// <summary>What another program writes into the store, and this one cannot read, holds up nobody who need not know whose a record is.</summary>
public sealed class ForeignEventTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task It_is_told_as_far_as_it_is_known_and_stops_only_those_who_see_some_records()
    {
        using var admin = await crm.Tenant("foreign");
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/follower")
        {
            Content = new StringContent("""{"functions":["events.read","leads.read"],"scope":"own"}""", System.Text.Encoding.UTF8, "application/json")
        };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        (await admin.Write("members", new { id = "m-1", role = "follower" })).Ok();
        using var follower = crm.With((await admin.Write("api-keys", new { name = "m-1", member = "m-1" })).Ok()["key"]);
        (await admin.Write("leads", new { source = "web", rep = "m-1" })).Ok();
        await follower.All();
        await Write("tea_poured", """{"cups": 3}""");
        var (_, before) = await follower.All();
        await Write("lead_captured", """{"employees": "many"}""");

        var items = (await admin.Feed("subject=other,lead")).Items().Skip(2).ToList();

        items.Select(e => (e.Text("type"), e.Text("subject"), e.GetProperty("data").ValueKind, e.GetProperty("schemaVersion").ValueKind)).ShouldBe(
            [("tea_poured", "other", JsonValueKind.Null, JsonValueKind.Null), ("lead_captured", "lead", JsonValueKind.Null, JsonValueKind.Null)]);
        var cloud = (await admin.Read("events?subject=other&format=cloudevents")).Ok().Body[0];
        (cloud.TryGetProperty("dataschema", out _), cloud.TryGetProperty("data", out _)).ShouldBe((false, false));

        // Up to there it is known whose the records are, and no further.
        await Patience.Until("the leads stand still", async () => (await crm.Http.Read("/health/ready")).Text.Contains("lead_captured"));
        (await (await follower.Read($"events?after={before}")).Refused()).Code.ShouldBe("read-model-behind");
    }

    private Task Write(string type, string data) => crm.Sql($"""
        select mt_quick_append_events(gen_random_uuid(), 'tea', 'foreign', array[gen_random_uuid()], array['{type}']::varchar[], array[null]::varchar[],
            array['{data}'::jsonb], array[null]::bytea[], array[null]::varchar[], array[null]::varchar[], array['null'::jsonb], array['marten']::varchar[])
        """);
}
